package ops

// What an op says about memory, so that who lays values out can spare copies. An op that says nothing gets
// memory of its own.

// View says that k's output is its input's numbers from number from on, so that it may be these.
func View(k Kernel) (from int, ok bool) {
	o, is := k.(*fused)
	if !is || !o.view {
		return 0, false
	}
	return o.from, true
}

// Joins says that k's output is its inputs one after another, so that these may be made in it.
func Joins(k Kernel) bool {
	o, is := k.(*fused)
	return is && o.joins
}

// Over lists the inputs that k may write its output over: it reads no number of them after it wrote the
// output's number there.
func Over(k Kernel) []int {
	if o, is := k.(*fused); is {
		return o.over
	}
	return nil
}

// Fused is one kernel for two ops or three.
type Fused struct {
	Work func(dst []float32, src [][]float32, scratch []float32)
	Over []int // as [Over], of the inputs of all
	op   *fused
	by   follower
}

// Fuse is one kernel for first and second, where first's output is input number at of second and nobody else
// reads it. Its inputs are first's, then second's others; its bits are those of the two. ok is false where
// there is none.
func Fuse(first, second Kernel, at int) (f Fused, ok bool) {
	a, is := first.(*fused)
	b, also := second.(*fused)
	if !is || !also || b.role == "" {
		return Fused{}, false
	}
	return fuse(a, follower{b.role, at})
}

// FuseAdd is first and then gorgonia's own sum of its output with another value of that shape, as [Fuse].
func FuseAdd(first Kernel) (f Fused, ok bool) {
	if a, is := first.(*fused); is {
		return fuse(a, follower{roleAdd, 1})
	}
	return Fused{}, false
}

func fuse(a *fused, by follower) (Fused, bool) {
	w, ok := a.follow[by]
	return Fused{w, a.followOver[by], a, by}, ok
}

// Fuse is one kernel for f and a third op, as [Fuse].
func (f Fused) Fuse(third Kernel, at int) (Fused, bool) {
	c, is := third.(*fused)
	if f.op == nil || !is || c.role == "" {
		return Fused{}, false
	}
	w, ok := f.op.then[[2]follower{f.by, {c.role, at}}]
	return Fused{Work: w}, ok
}
