package kernel

// SpreadTaps sets dst (filters of size × size) to filters of height × width whose taps lie dilation apart,
// beginning at row top and column left; everything else is zero.
func SpreadTaps(dst, w []float32, filters, height, width, dilation, size, top, left int) {
	clear(dst[:filters*size*size])
	for f := range filters {
		for k := range height * width {
			dst[f*size*size+(top+k/width*dilation)*size+left+k%width*dilation] = w[f*height*width+k]
		}
	}
}

// GatherTaps sets dst to the taps that [SpreadTaps] spread over w.
func GatherTaps(dst, w []float32, filters, height, width, dilation, size, top, left int) {
	for f := range filters {
		for k := range height * width {
			dst[f*height*width+k] = w[f*size*size+(top+k/width*dilation)*size+left+k%width*dilation]
		}
	}
}
