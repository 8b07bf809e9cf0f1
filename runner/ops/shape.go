package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

func shapeError(place, format string, args ...any) error {
	return fmt.Errorf("ops: %s: %s", place, fmt.Sprintf(format, args...))
}

func matrix(place, name string, n *G.Node) error {
	if n.Shape().Dims() != 2 {
		return shapeError(place, "%s has shape %v, want two axes", name, n.Shape())
	}
	return nil
}

func same(place, a string, x *G.Node, b string, y *G.Node) error {
	if !x.Shape().Eq(y.Shape()) {
		return shapeError(place, "%s has shape %v, %s has %v", a, x.Shape(), b, y.Shape())
	}
	return nil
}
