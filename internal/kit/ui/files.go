package ui

import (
	"html/template"
	"time"

	"kith/internal/kit/lang"
)

// A FileList is the files at a record, for {{fileList .Files}}.
type FileList struct {
	Items []FileItem
	// AddHref is where files are added; "" for a person who may not.
	AddHref string
	Words   string // what can be added: "PDF, Word …, up to 100 MB"
	// Asked is how many files of this person wait for an answer at AskedHref.
	Asked     int
	AskedHref string
}

// A FileItem is one file at a record.
type FileItem struct {
	Name  string
	Href  string // its page: versions, and what can be done with it
	Open  string // where it can be had; "" when it cannot be opened
	By    string
	At    time.Time
	Facts string // "PDF document, 214 KB"
	Tone  string // of its state
	State string // "Checked for viruses"
}

type fileListView struct {
	FileList
	Items     []fileView
	File, Add template.HTML // icons
}

type fileView struct {
	FileItem
	When string
	Tag  template.HTML
}

// fileList shows files: what each is, who added it when, and the act at the right. A
// dashed row adds one.
func fileList(l FileList) (template.HTML, error) {
	v := fileListView{FileList: l}
	var err error
	if v.File, err = icon("file"); err != nil {
		return "", err
	}
	if v.Add, err = icon("add"); err != nil {
		return "", err
	}
	for _, item := range l.Items {
		t, err := tag(item.Tone, item.State)
		if err != nil {
			return "", err
		}
		v.Items = append(v.Items, fileView{item, lang.DateTime(item.At), t})
	}
	return render("file-list", v)
}
