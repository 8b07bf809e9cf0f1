package net

import (
	"math"
	"strings"

	"tenet/runner/kernel"
)

// Reading is one number of a probe, with the place it was taken at.
type Reading struct {
	Place string
	Value float64
}

// GradientNorms are the Euclidean norms of the gradients of g's layers, in order: a layer is the parameters
// whose names differ in their last word only. grads is a program's Grads.
func GradientNorms(g *Graph, grads []float32) []Reading {
	var all []Reading
	for _, p := range g.Params[:g.Trained] {
		layer := p.Name
		if i := strings.LastIndexByte(layer, '.'); i > 0 {
			layer = layer[:i]
		}
		if len(all) == 0 || all[len(all)-1].Place != layer {
			all = append(all, Reading{Place: layer})
		}
		sum := &all[len(all)-1].Value
		for _, v := range grads[p.Offset:][:p.Size()] {
			*sum += float64(float64(v) * float64(v))
		}
	}
	for i := range all {
		all[i].Value = math.Sqrt(all[i].Value)
	}
	return all
}

// Variances are the variances of the values kept, each over all numbers of its tap: with the taps "states",
// how a signal grows or dies along a net.
func Variances(taps []TapValues) []Reading {
	all := make([]Reading, len(taps))
	for i, t := range taps {
		sum, squares := 0.0, 0.0
		for _, v := range t.Values {
			sum += float64(v)
		}
		n := float64(len(t.Values))
		mean := sum / n
		for _, v := range t.Values {
			d := float64(v) - mean
			squares += float64(d * d)
		}
		all[i] = Reading{Place: t.Name, Value: squares / n}
	}
	return all
}

// Rows are a tap's values as rows, an example each, as a linear reader or [CKA] wants them.
func (t TapValues) Rows() (x []float32, rows int) {
	if len(t.Shape) != 4 {
		return t.Values, t.Shape[0]
	}
	rows = t.Shape[3]
	x = make([]float32, len(t.Values))
	kernel.Transpose(x, t.Values, len(x)/rows, rows)
	return x, rows
}

// CKA says from 0 to 1 how alike two representations of the same rows are, whatever rotation or scale lies
// between them: linear centred kernel alignment, ⟨K, L⟩ / (‖K‖ ‖L‖) of the centred Gram matrices K and L of x
// and y (Kornblith, Norouzi, Lee & Hinton 2019, equations 3 and 4). Sums run in doubles in a fixed order. A
// representation that is the same for all rows is like nothing: 0.
func CKA(x, y []float32, rows int) float64 {
	k, l := gram(x, rows), gram(y, rows)
	kl, kk, ll := 0.0, 0.0, 0.0
	for i := range k {
		kl += float64(k[i] * l[i])
		kk += float64(k[i] * k[i])
		ll += float64(l[i] * l[i])
	}
	if kk == 0 || ll == 0 {
		return 0
	}
	return kl / (math.Sqrt(kk) * math.Sqrt(ll))
}

// gram is the products of all pairs of rows of x, its columns centred.
func gram(x []float32, rows int) []float64 {
	n := len(x) / rows
	centred := make([]float64, len(x))
	for j := range n {
		mean := 0.0
		for i := range rows {
			mean += float64(x[i*n+j])
		}
		mean /= float64(rows)
		for i := range rows {
			centred[i*n+j] = float64(x[i*n+j]) - mean
		}
	}
	k := make([]float64, rows*rows)
	for i := range rows {
		for j := range i + 1 {
			k[i*rows+j] = dot64(centred[i*n:][:n], centred[j*n:][:n])
			k[j*rows+i] = k[i*rows+j]
		}
	}
	return k
}
