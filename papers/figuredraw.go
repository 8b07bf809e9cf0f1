package papers

import (
	"context"
	"fmt"
	"image"
	"slices"
)

// A FigurePicture is a figure or table cut out of its page. Its Box is where the ink lies; where none was found beside the caption, it is
// the room there, and Guessed is set.
type FigurePicture struct {
	FigureItem
	Guessed bool        `json:"guessed,omitempty"`
	Image   *image.RGBA `json:"-"` // nil where there is neither
}

const (
	// figureMargin is the white, in points, that is left around a picture.
	figureMargin = 3
	// inkDPI is how finely a page is drawn to find its ink: a pixel a point.
	inkDPI = 72
)

// Figures draws the figures and tables of a file that was read as d, those that want agrees to (nil: all), and hands them on in the order
// of the pages; what give returns ends it. Every page with a caption is drawn, as the whole paper says on which side of their captions its
// pictures stand.
func (r *Renderer) Figures(ctx context.Context, file []byte, d *Document, dpi int, want func(FigureItem) bool, give func(FigurePicture) error) error {
	items := Figures(d)
	if want != nil && !slices.ContainsFunc(items, want) {
		return nil
	}
	f, err := r.open(ctx, file)
	if err != nil {
		return fmt.Errorf("papers: figures: %w", err)
	}
	defer f.close()
	cut, err := f.cut(d, items)
	if err != nil {
		return err
	}
	for i, item := range items {
		if want != nil && !want(item) {
			continue
		}
		p := FigurePicture{FigureItem: item, Guessed: cut[i] == (Box{})}
		if !p.Guessed {
			p.Box = cut[i]
		}
		if p.Box != (Box{}) {
			if p.Image, err = f.picture(item.Page, p.Box, dpi); err != nil {
				return err
			}
			if p.Guessed {
				p.Image = Trim(p.Image, dpi/20)
			}
		}
		if err := give(p); err != nil {
			return err
		}
	}
	return nil
}

// cut finds the box of each item by the ink of its page; the zero Box where there is none.
func (f *drawnFile) cut(d *Document, items []FigureItem) ([]Box, error) {
	face := typefaceOf(d)
	byPage := map[int][]int{}
	for i, item := range items {
		byPage[item.Page] = append(byPage[item.Page], i)
	}
	var pages [][]choice
	for k := range d.Pages {
		mine := byPage[d.Pages[k].Number]
		if len(mine) == 0 {
			continue
		}
		p := d.Pages[k].parted(face)
		m, err := f.picture(p.Number, Box{}, inkDPI)
		if err != nil {
			return nil, err
		}
		c := newCutter(p, newInkMap(m, p.Width, p.Height), face)
		pages = append(pages, c.choices(items, mine))
	}
	out := make([]Box, len(items))
	v := newVotes(pages, items)
	for _, page := range pages {
		sides := v.choose(page, items)
		share(page, sides)
		for k, s := range sides {
			if s == nowhere {
				continue
			}
			i := page[k].item
			out[i] = page[k].cropped(s, d)
		}
	}
	return out, nil
}

// cropped is the box of one side with its margin, which stays off the caption.
func (c *choice) cropped(s side, d *Document) Box {
	b := c.sides[s].Box
	b = Box{b.X0 - figureMargin, b.Y0 - figureMargin, b.X1 + figureMargin, b.Y1 + figureMargin}
	if s == above {
		b.Y1 = min(b.Y1, c.caption.Y0)
	} else {
		b.Y0 = max(b.Y0, c.caption.Y1)
	}
	for i := range d.Pages {
		if p := &d.Pages[i]; p.Number == c.page {
			b = b.overlap(Box{0, 0, p.Width, p.Height})
		}
	}
	return b.rounded()
}
