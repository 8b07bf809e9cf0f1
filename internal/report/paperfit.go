package report

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// paperFigureBytes bounds one picture in the page.
const paperFigureBytes = 60_000

// fit makes a picture small enough for the page: as lines where that is enough, else as a photograph, and narrower step by step.
func fit(m image.Image) (kind string, data []byte, ok bool) {
	if s := m.Bounds().Size(); s.X < 1 || s.Y < 1 {
		return "", nil, false
	}
	whole, before := onWhite(m), 0
	for _, width := range []int{960, 720, 540, 400, 280} {
		small := narrowed(whole, width)
		if small.Rect.Dx() == before {
			continue // no narrower than the one that was too large
		}
		before = small.Rect.Dx()
		var b bytes.Buffer
		e := png.Encoder{CompressionLevel: png.BestCompression}
		if err := e.Encode(&b, small); err == nil && b.Len() <= paperFigureBytes {
			return "image/png", b.Bytes(), true
		}
		for _, quality := range []int{82, 65} {
			b.Reset()
			if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err == nil && b.Len() <= paperFigureBytes {
				return "image/jpeg", b.Bytes(), true
			}
		}
	}
	return "", nil, false
}

// onWhite is a picture without holes.
func onWhite(m image.Image) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, b.Min, draw.Over)
	return out
}

// narrowed makes a picture no wider than width; each pixel is the mean of those it stands for.
func narrowed(src *image.RGBA, width int) *image.RGBA {
	b := src.Rect
	if b.Dx() <= width {
		return src
	}
	height := max(1, b.Dy()*width/b.Dx())
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		y0, y1 := y*b.Dy()/height, max((y+1)*b.Dy()/height, y*b.Dy()/height+1)
		for x := range width {
			x0, x1 := x*b.Dx()/width, max((x+1)*b.Dx()/width, x*b.Dx()/width+1)
			var sum [3]int
			for sy := y0; sy < y1; sy++ {
				row := src.Pix[src.PixOffset(x0, sy):src.PixOffset(x1, sy)]
				for i := 0; i < len(row); i += 4 {
					sum[0], sum[1], sum[2] = sum[0]+int(row[i]), sum[1]+int(row[i+1]), sum[2]+int(row[i+2])
				}
			}
			n := (y1 - y0) * (x1 - x0)
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 0xFF})
		}
	}
	return out
}
