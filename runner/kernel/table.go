package kernel

// Lookup sets row i of dst to row ids[i] of table, whose rows have n numbers.
func Lookup(dst, table, ids []float32, n int) {
	for i, id := range ids {
		copy(dst[i*n:][:n], table[int(id)*n:][:n])
	}
}

// LookupGrad sets dst (the table's gradient) to the sums of the rows of grad that came from each of its rows.
func LookupGrad(dst, ids, grad []float32, n int) {
	clear(dst)
	for i, id := range ids {
		row := dst[int(id)*n:][:n]
		Add(row, row, grad[i*n:][:n])
	}
}

// AddTable sets dst = x + table, the table again and again.
func AddTable(dst, x, table []float32) {
	for n := len(table); len(dst) > 0; dst, x = dst[n:], x[n:] {
		Add(dst[:n], x[:n], table)
	}
}

// AddTableGrad sets dst (the table's gradient) to the sum over grad's repeats of it.
func AddTableGrad(dst, grad []float32) {
	n := len(dst)
	copy(dst, grad[:n])
	for grad = grad[n:]; len(grad) > 0; grad = grad[n:] {
		Add(dst, dst, grad[:n])
	}
}

// Rows copies rows from, from+step, … of src into the m rows of dst, each of n numbers.
func Rows(dst, src []float32, m, n, from, step int) {
	for i := range m {
		copy(dst[i*n:][:n], src[(from+i*step)*n:][:n])
	}
}

// SetRows copies the m rows of src into rows from, from+step, … of dst.
func SetRows(dst, src []float32, m, n, from, step int) {
	for i := range m {
		copy(dst[(from+i*step)*n:][:n], src[i*n:][:n])
	}
}
