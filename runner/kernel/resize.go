package kernel

// Resize is the shape of an upsampling: every pixel becomes a square of factor × factor equal ones.
type Resize struct{ squares *Window }

// NewResize lays out an upsampling of pictures of height × width pixels.
func NewResize(channels, height, width, batch, factor int) (Resize, error) {
	w, err := NewWindow(channels, height*factor, width*factor, batch, factor, factor, 0)
	return Resize{w}, err
}

// Up sets dst to x with every pixel repeated.
func (r Resize) Up(dst, x []float32) { active().up(r, dst, x) }

func (p path) up(r Resize, dst, x []float32) {
	p.windowSpread(r.squares, dst[:r.squares.inSize()], x[:r.squares.outSize()], one)
}

// Grad sets dx to the sums of dy over the squares, each row by row.
func (r Resize) Grad(dx, dy []float32) { active().upGrad(r, dx, dy) }

func (p path) upGrad(r Resize, dx, dy []float32) {
	p.windowMean(r.squares, dx[:r.squares.outSize()], dy[:r.squares.inSize()], one)
}

func one(slide) float32 { return 1 }
