package app

// helpCommand is listed and completed like others; Main turns it into --help.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to tell about, such as figure or report build."`
}

// Help gives examples.
func (helpCommand) Help() string { return examples("kith help", "kith help report build") }
