package kernel

import "math"

// Recall reads memories by content: for every sample, q·slot/√n of each slot goes through a softmax, whose
// shares mix the slots. Feature i of sample r lies at r·Sample + i·Feature of the query and of every slot.
type Recall struct {
	Slots, Samples, Features int
	Sample, Feature          int
}

// Scratch is how many numbers of memory Forward and Grad want.
func (k Recall) Scratch() int { return 2 * k.Slots }

func (k Recall) dot(a, b []float32, at int) float32 {
	s := float32(0)
	for i := range k.Features {
		j := at + i*k.Feature
		s += float32(a[j] * b[j])
	}
	return s
}

func (k Recall) rate() float32 { return float32(1 / math.Sqrt(float64(k.Features))) }

// shares fills a with the softmax of a sample.
func (k Recall) shares(a, q []float32, slots [][]float32, at int) {
	top := float32(math.Inf(-1))
	for s := range k.Slots {
		a[s] = k.dot(q, slots[s], at) * k.rate()
		top = max(top, a[s])
	}
	sum := float32(0)
	for s := range k.Slots {
		a[s] = exp(a[s] - top)
		sum += a[s]
	}
	for s := range k.Slots {
		a[s] /= sum
	}
}

// Forward is the mix.
func (k Recall) Forward(dst, q []float32, slots [][]float32, scratch []float32) {
	a := scratch[:k.Slots]
	for r := range k.Samples {
		at := r * k.Sample
		k.shares(a, q, slots, at)
		for i := range k.Features {
			j := at + i*k.Feature
			v := float32(0)
			for s := range k.Slots {
				v += float32(a[s] * slots[s][j])
			}
			dst[j] = v
		}
	}
}

// Grad is the gradient of the query (slot -1) or of a slot. The mix depends on a slot twice: by what it holds
// and by its share.
func (k Recall) Grad(dst, q []float32, slots [][]float32, grad []float32, slot int, scratch []float32) {
	a, ds := scratch[:k.Slots], scratch[k.Slots:2*k.Slots]
	for r := range k.Samples {
		at := r * k.Sample
		k.shares(a, q, slots, at)
		mean := float32(0)
		for s := range k.Slots {
			ds[s] = k.dot(grad, slots[s], at)
			mean += float32(a[s] * ds[s])
		}
		for s := range k.Slots {
			ds[s] = float32(a[s]*(ds[s]-mean)) * k.rate()
		}
		for i := range k.Features {
			j := at + i*k.Feature
			if slot >= 0 {
				dst[j] = float32(a[slot]*grad[j]) + float32(ds[slot]*q[j])
				continue
			}
			v := float32(0)
			for s := range k.Slots {
				v += float32(ds[s] * slots[s][j])
			}
			dst[j] = v
		}
	}
}
