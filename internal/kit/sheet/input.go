package sheet

import (
	"io"
	"os"
)

// An Input is a file that can be opened any number of times: by its path, or an
// upload that has no path.
type Input interface {
	Open() (Reader, error)
}

// A Reader is an open file: read from its beginning, or anywhere.
type Reader interface {
	io.Reader
	io.ReaderAt
	io.Closer
	Size() int64
}

// A Path is the file at a path on this machine.
type Path string

// Open implements Input.
func (p Path) Open() (Reader, error) {
	file, err := os.Open(string(p))
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	return &onDisk{file, info.Size()}, nil
}

type onDisk struct {
	*os.File
	size int64
}

// Size implements Reader.
func (f *onDisk) Size() int64 { return f.size }
