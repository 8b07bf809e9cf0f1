package kernel

// Axes is a tensor's shape with the steps by which its axes are walked, last axis fastest.
type Axes struct {
	size, step []int // of the walk, outermost axis first
}

// NewAxes walks a tensor of shape so that axis k of the walk is axis order[k] of the tensor.
func NewAxes(shape, order []int) Axes {
	steps := make([]int, len(shape))
	s := 1
	for k := len(shape) - 1; k >= 0; k-- {
		steps[k] = s
		s *= shape[k]
	}
	var a Axes
	for _, k := range order {
		a.size, a.step = append(a.size, shape[k]), append(a.step, steps[k])
	}
	return a
}

// each calls f with the place of every number, in the walk's order.
func (a Axes) each(f func(from int)) { a.walk(0, 0, f) }

func (a Axes) walk(axis, from int, f func(from int)) {
	if axis == len(a.size) {
		f(from)
		return
	}
	for range a.size[axis] {
		a.walk(axis+1, from, f)
		from += a.step[axis]
	}
}

// Permute sets dst to src in the walk's order.
func (a Axes) Permute(dst, src []float32) {
	i := 0
	a.each(func(from int) { dst[i] = src[from]; i++ })
}

// Unpermute sets dst so that its walk is src.
func (a Axes) Unpermute(dst, src []float32) {
	i := 0
	a.each(func(from int) { dst[from] = src[i]; i++ })
}

// Total sets each of dst to s times the sum of as many numbers of src as there are for one, those that come
// together in the walk, added in doubles.
func (a Axes) Total(dst, src []float32, s float64) {
	per := len(src) / len(dst)
	i, sum := 0, 0.0
	a.each(func(from int) {
		sum += float64(src[from])
		if i++; i%per == 0 {
			dst[i/per-1], sum = float32(s*sum), 0
		}
	})
}

// Spread sets dst so that each s·src fills the numbers that Total adds up for it.
func (a Axes) Spread(dst, src []float32, s float64) {
	per := len(dst) / len(src)
	i := 0
	a.each(func(from int) { dst[from] = float32(s * float64(src[i/per])); i++ })
}
