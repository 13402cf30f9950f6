package files

import (
	"fmt"
	"image"
	"image/jpeg"
	imagepng "image/png"
	"io"
	"os"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // registers how WebP is read
)

// Pictures are read and written again, so that nothing is kept but what is to be seen:
// not where a photo was taken, by whom or with what, nor what an editor cut away.

const (
	// maxPixels is what one picture may have: 25 million need up to 400 MB for a moment.
	maxPixels = 25_000_000
	// previewSide is how long the longer side of a preview is, in pixels.
	previewSide = 640
	quality     = 90 // of a JPEG, of 100
)

var noPixels = "has too many pixels. Save it smaller, with at most 25 million (5,000 by 5,000), and add that"

// onePicture lets one picture be read at a time, so that many need no more memory than one.
var onePicture = make(chan struct{}, 1)

// picture reads a picture and writes it again without what else its file said: the picture
// as it is to be kept, and a small one.
func picture(name string, t Type, file *os.File, into, preview *os.File) (Type, error) {
	size, _, err := image.DecodeConfig(file)
	if err != nil {
		return t, &Refused{name, noDamaged}
	}
	if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > maxPixels {
		return t, &Refused{name, noPixels}
	}
	onePicture <- struct{}{}
	defer func() { <-onePicture }()
	img, err := decode(file)
	if err != nil {
		return t, &Refused{name, noDamaged}
	}
	img = upright(img, orientation(t, file))
	if t.MIME == typeWebP.MIME {
		if t = typeJPEG; !opaque(img) {
			t = typePNG
		}
	}
	if t.MIME == typePNG.MIME {
		err = imagepng.Encode(into, img)
	} else {
		err = jpeg.Encode(into, img, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return t, fmt.Errorf("write a picture: %w", err)
	}
	if err := jpeg.Encode(preview, smaller(img), &jpeg.Options{Quality: 80}); err != nil {
		return t, fmt.Errorf("write a preview: %w", err)
	}
	return t, nil
}

// decode reads a picture from the beginning of a file. A reader that panics is a picture
// that cannot be read.
func decode(file io.ReadSeeker) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read a picture: %v", p)
		}
	}()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err = image.Decode(file)
	return img, err
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// orientation tells how a photo is to be turned, 1 to 8 as EXIF has it; 1 when it does not say.
func orientation(t Type, file io.ReadSeeker) (turn int) {
	format := map[string]imagemeta.ImageFormat{typeJPEG.MIME: imagemeta.JPEG, typePNG.MIME: imagemeta.PNG,
		typeWebP.MIME: imagemeta.WebP}[t.MIME]
	defer func() {
		if recover() != nil {
			turn = 1
		}
	}()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 1
	}
	turn = 1
	// What cannot be read says nothing.
	_, _ = imagemeta.Decode(imagemeta.Options{R: file, ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, err := fmt.Sscan(fmt.Sprint(tag.Value), &turn); n != 1 || err != nil || turn < 1 || turn > 8 {
				turn = 1
			}
			return imagemeta.ErrStopWalking
		}})
	return turn
}

// upright turns a picture as its orientation says.
func upright(img image.Image, turn int) image.Image {
	if turn <= 1 || turn > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Bounds(), img, b.Min, draw.Src)
	tw, th := w, h
	if turn >= 5 {
		tw, th = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range h {
		for x := range w {
			var i, j int // where the point goes
			switch turn {
			case 2:
				i, j = w-1-x, y
			case 3:
				i, j = w-1-x, h-1-y
			case 4:
				i, j = x, h-1-y
			case 5:
				i, j = y, x
			case 6:
				i, j = h-1-y, x
			case 7:
				i, j = h-1-y, w-1-x
			case 8:
				i, j = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(i, j):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

// smaller gives a picture that fits a preview, on white where it is seen through.
func smaller(img image.Image) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > previewSide {
		w, h = max(1, w*previewSide/long), max(1, h*previewSide/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	return out
}
