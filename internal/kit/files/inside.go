package files

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// Pictures inside documents lose what they say besides what is to be seen: where a photo was
// taken, when, by whom and with what. They are not read and written again as pictures by
// themselves are, which would make each worse: only the sections that hold such words are
// left out, and what stands after the picture's end.

// maxInside is how large a picture inside a document may be that is looked at: it is made
// whole before it is written.
const maxInside = 16 << 20

var errInside = errors.New("the picture cannot be read")

// The beginnings of pictures that are understood.
var (
	jpegHead = []byte("\xff\xd8\xff")
	pngHead  = []byte("\x89PNG\r\n\x1a\n")
)

// isPicture reports whether a part of a document is a picture by its name.
func isPicture(name string) bool {
	name = strings.ToLower(name)
	for _, ending := range []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".tif", ".tiff", ".webp", ".heic"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}

// plainPicture gives a picture of a document without what it says besides. It returns
// errInside for one that is not understood, or too large.
func plainPicture(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxInside {
		return nil, errInside
	}
	file, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := bufio.NewReader(io.LimitReader(file, maxInside))
	head, _ := in.Peek(len(pngHead))
	var out bytes.Buffer
	switch {
	case bytes.HasPrefix(head, jpegHead):
		err = plainJPEG(&out, in)
	case bytes.Equal(head, pngHead):
		err = plainPNG(&out, in)
	default:
		err = errInside
	}
	return out.Bytes(), err
}

// Markers of the sections of a JPEG.
const (
	markSOI, markEOI, markSOS, markComment  = 0xD8, 0xD9, 0xDA, 0xFE
	markJFIF, markEXIF, markICC, markColour = 0xE0, 0xE1, 0xE2, 0xEE // of the sections of applications
)

// plainJPEG copies a JPEG without its comments and what applications put into it, other than
// what its colours mean, and which way up it is.
func plainJPEG(out *bytes.Buffer, in *bufio.Reader) error {
	if _, err := in.Discard(2); err != nil {
		return errInside
	}
	out.Write(jpegHead[:2])
	for {
		mark, err := nextMark(in)
		if err != nil {
			return err
		}
		if mark == markEOI {
			out.Write([]byte{0xFF, markEOI})
			return nil
		}
		var size [2]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return errInside
		}
		body := make([]byte, max(int(binary.BigEndian.Uint16(size[:])), 2)-2)
		if _, err := io.ReadFull(in, body); err != nil {
			return errInside
		}
		application := mark >= markJFIF && mark <= 0xEF
		keeps := mark == markJFIF && bytes.HasPrefix(body, []byte("JFIF\x00")) || mark == markColour ||
			mark == markICC && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
		switch {
		case mark == markEXIF && bytes.HasPrefix(body, []byte("Exif\x00")):
			out.Write(onlyTurned(body))
		case mark == markComment, application && !keeps:
		default:
			out.Write([]byte{0xFF, mark})
			out.Write(size[:])
			out.Write(body)
		}
		if mark == markSOS {
			if err := copyScan(out, in); err != nil {
				return err
			}
		}
	}
}

// nextMark reads to the next section.
func nextMark(in *bufio.Reader) (byte, error) {
	b, err := in.ReadByte()
	if err != nil || b != 0xFF {
		return 0, errInside
	}
	for b == 0xFF {
		if b, err = in.ReadByte(); err != nil {
			return 0, errInside
		}
	}
	if b == 0 || b == markSOI || b >= 0xD0 && b <= 0xD7 {
		return 0, errInside
	}
	return b, nil
}

// copyScan copies the points of a JPEG up to the next section.
func copyScan(out *bytes.Buffer, in *bufio.Reader) error {
	for {
		two, err := in.Peek(2)
		if err != nil {
			return errInside
		}
		if two[0] == 0xFF && two[1] != 0 && (two[1] < 0xD0 || two[1] > 0xD7) {
			return nil
		}
		n := 1
		if two[0] == 0xFF {
			n = 2
		}
		out.Write(two[:n])
		if _, err := in.Discard(n); err != nil {
			return errInside
		}
	}
}

// onlyTurned makes an EXIF section that says which way up a picture is and nothing else; none
// where it stands upright. body is the section as it was.
func onlyTurned(body []byte) []byte {
	whole := append([]byte{0xFF, markSOI, 0xFF, markEXIF}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	whole = append(append(whole, body...), 0xFF, markEOI)
	turn := orientation(typeJPEG, bytes.NewReader(whole))
	if turn == 1 {
		return nil
	}
	says := "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(turn)) +
		"\x00\x00\x00\x00\x00\x00"
	out := append([]byte{0xFF, markEXIF}, binary.BigEndian.AppendUint16(nil, uint16(len(says)+2))...)
	return append(out, says...)
}

// saying are the chunks of a PNG that hold words, times and EXIF.
var saying = map[string]bool{"tEXt": true, "zTXt": true, "iTXt": true, "eXIf": true, "tIME": true}

// plainPNG copies a PNG without them.
func plainPNG(out *bytes.Buffer, in *bufio.Reader) error {
	if _, err := in.Discard(len(pngHead)); err != nil {
		return errInside
	}
	out.Write(pngHead)
	for {
		var head [8]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return errInside
		}
		name, rest := string(head[4:]), int64(binary.BigEndian.Uint32(head[:]))+4 // with its checksum
		if saying[name] {
			if n, err := io.CopyN(io.Discard, in, rest); err != nil || n < rest {
				return errInside
			}
			continue
		}
		out.Write(head[:])
		if _, err := io.CopyN(out, in, rest); err != nil {
			return errInside
		}
		if name == "IEND" {
			return nil
		}
	}
}
