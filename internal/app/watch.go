package app

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// A watching tells somebody at a terminal how far long work is, on one line that is
// written over and gone at the end.
type watching struct {
	w       io.Writer // nil when nobody looks on
	started time.Time
	said    time.Time
	over    bool // the line is written over, as at a terminal
}

// unsaid is how long work may take before something is said of it, and between.
const unsaid = time.Second

// watch begins to tell of work on the error output: at a terminal, or where that is asked.
func (c *cli) watch(asked bool) *watching {
	w := &watching{started: time.Now()}
	w.said = w.started
	f, ok := c.err.(*os.File)
	w.over = ok && term.IsTerminal(int(f.Fd()))
	if asked || w.over {
		w.w = c.err
	}
	return w
}

func (w *watching) say(format string, args ...any) {
	now := time.Now()
	if w.w == nil || now.Sub(w.said) < unsaid {
		return
	}
	w.said = now
	words := fmt.Sprintf(format, args...) + fmt.Sprintf(", after %d s", int(now.Sub(w.started).Seconds()))
	if w.over {
		fmt.Fprintf(w.w, "\r\x1b[K%s", words)
	} else {
		fmt.Fprintln(w.w, words)
	}
}

// steps tells how much of the work that is allowed is done.
func (w *watching) steps(done, budget int64) {
	w.say("Protecting and judging: %.1f %% of the most work it may take", 100*float64(done)/float64(max(budget, 1)))
}

// tables tells how many other ways of cutting the table were tried.
func (w *watching) tables(done, all int) {
	w.say("Trying other ways to cut the table: %d of %d", done, all)
}

// end takes the line away.
func (w *watching) end() {
	if w.w != nil && w.over && w.said != w.started {
		fmt.Fprint(w.w, "\r\x1b[K")
	}
	w.w = nil
}
