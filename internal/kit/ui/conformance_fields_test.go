package ui

import (
	"encoding/json"
	"html/template"
)

func characterCountCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Rows, MaxLength int
		CountType       string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.MaxLength == 0 {
		return "", leftOut("ours always has a limit")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	switch o.CountType {
	case "":
		opts = append(opts, maxLength(o.MaxLength))
	case "words":
		opts = append(opts, maxWords(o.MaxLength))
	default:
		return "", leftOut("ours counts characters without saying so, or words")
	}
	if o.Rows > 0 {
		opts = append(opts, rows(o.Rows))
	}
	return textarea(f, o.Name, o.Label.any(), opts...)
}

func textareaCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Rows int
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	if o.Rows > 0 {
		opts = append(opts, rows(o.Rows))
	}
	return textarea(f, o.Name, o.Label.any(), opts...)
}

func inputCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Type, InputMode string
		Prefix, Suffix  *struct{ Text string }
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	opts = append(opts, kind(o.Type), inputmode(o.InputMode))
	if o.Prefix != nil {
		opts = append(opts, prefix(o.Prefix.Text))
	}
	if o.Suffix != nil {
		opts = append(opts, suffix(o.Suffix.Text))
	}
	return input(f, o.Name, o.Label.any(), opts...)
}

func passwordCase(options json.RawMessage) (template.HTML, error) {
	var o fieldOptions
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Value != nil {
		return "", leftOut("ours never sends a password back")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	return passwordInput(f, o.Name, o.Label.any(), opts...)
}

func fileUploadCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fieldOptions
		Multiple, Javascript bool
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Javascript {
		return "", leftOut("ours is the browser's own file field")
	}
	if o.Value != nil {
		return "", leftOut("a browser gives a file field no value")
	}
	f, opts, err := o.given()
	if err != nil {
		return "", err
	}
	if o.Multiple {
		opts = append(opts, multiple())
	}
	return fileUpload(f, o.Name, o.Label.any(), opts...)
}
