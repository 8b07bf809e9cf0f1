package kernel

// Norms and means of pictures, which lie channel × row × column × batch: a channel is one run of n numbers.

// ChannelMoments sets mean and rate (m) to the mean and 1/√(variance + Epsilon) of each channel of x (m×n).
func ChannelMoments(mean, rate, x []float32, m, n int) {
	active().channelMoments(mean[:m], rate[:m], x[:m*n], m, n)
}

func (p path) channelMoments(mean, r, x []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		channelMomentsVector(p, &mean[0], &r[0], &x[0], m, n, float32(n), Epsilon)
		return
	}
	for i := range m {
		mean[i], r[i] = rowMoments(x[i*n:][:n])
	}
}

// ChannelNorm sets dst = (x - mean)(rate·scale) + shift, then, with relu, zero for what is below it.
func ChannelNorm(dst, x, mean, rate, scale, shift []float32, m, n int, relu bool) {
	active().channelNorm(dst[:m*n], x[:m*n], mean[:m], rate[:m], scale[:m], shift[:m], m, n, relu)
}

func (p path) channelNorm(dst, x, mean, rate, scale, shift []float32, m, n int, relu bool) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		flag := 0
		if relu {
			flag = 1
		}
		channelNormVector(p, &dst[0], &x[0], &mean[0], &rate[0], &scale[0], &shift[0], m, n, flag)
		return
	}
	for i := range m {
		out, a := dst[i*n:][:n], float32(rate[i]*scale[i])
		for j, v := range x[i*n:][:n] {
			out[j] = float32((v-mean[i])*a) + shift[i]
		}
		if relu {
			portable.relu(out, out)
		}
	}
}

// ChannelNormAdd is [ChannelNorm] plus add (m×n), and only then relu.
func ChannelNormAdd(dst, x, mean, rate, scale, shift, add []float32, m, n int, relu bool) {
	active().channelNormAdd(dst[:m*n], x[:m*n], mean[:m], rate[:m], scale[:m], shift[:m], add[:m*n], m, n, relu)
}

func (p path) channelNormAdd(dst, x, mean, rate, scale, shift, add []float32, m, n int, relu bool) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		flag := 0
		if relu {
			flag = 1
		}
		channelNormAddVector(p, &dst[0], &x[0], &mean[0], &rate[0], &scale[0], &shift[0], &add[0], m, n, flag)
		return
	}
	for i := range m {
		out, more, a := dst[i*n:][:n], add[i*n:][:n], float32(rate[i]*scale[i])
		for j, v := range x[i*n:][:n] {
			y := float32((v-mean[i])*a) + shift[i]
			out[j] = y + more[j]
		}
		if relu {
			portable.relu(out, out)
		}
	}
}

// ChannelSums sets sgy = Σ grad·y, y being the normalised x, and sg = Σ grad of each channel: the gradients
// of scale and shift.
func ChannelSums(sgy, sg, x, mean, rate, grad []float32, m, n int) {
	active().channelSums(sgy[:m], sg[:m], x[:m*n], mean[:m], rate[:m], grad[:m*n], m, n)
}

func (p path) channelSums(sgy, sg, x, mean, rate, grad []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		channelSumsVector(p, &sgy[0], &sg[0], &x[0], &mean[0], &rate[0], &grad[0], m, n)
		return
	}
	for i := range m {
		var a, b [16]float32
		for j, g := range grad[i*n:][:n] {
			a[j&15] += g
			b[j&15] += float32(g * (x[i*n+j] - mean[i]))
		}
		sg[i], sgy[i] = folded(&a), rate[i]*folded(&b)
	}
}

// ChannelGrad sets dst to the gradient of the norm's input, given the sums of [ChannelSums].
func ChannelGrad(dst, x, mean, rate, scale, grad, sgy, sg []float32, m, n int) {
	active().channelGrad(dst[:m*n], x[:m*n], mean[:m], rate[:m], scale[:m], grad[:m*n], sgy[:m], sg[:m], m, n)
}

func (p path) channelGrad(dst, x, mean, rate, scale, grad, sgy, sg []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		channelGradVector(p, &dst[0], &x[0], &mean[0], &rate[0], &scale[0], &grad[0], &sgy[0], &sg[0], m, n, float32(n))
		return
	}
	for i := range m {
		a, mg, mgy := float32(rate[i]*scale[i]), sg[i]/float32(n), float32(rate[i]*(sgy[i]/float32(n)))
		for j, g := range grad[i*n:][:n] {
			dst[i*n+j] = a * (g - mg - float32((x[i*n+j]-mean[i])*mgy))
		}
	}
}

// ObserveMoments moves kept statistics (m) towards those of a batch of count numbers a channel by momentum,
// as [BatchStatistics] does.
func ObserveMoments(mean, variance, batchMean, batchRate []float32, count int, momentum float32) {
	for i := range mean {
		r := float64(batchRate[i])
		v := (1/float64(r*r) - Epsilon) * float64(count) / float64(max(count-1, 1))
		mean[i] = float32((1-momentum)*mean[i]) + float32(momentum*batchMean[i])
		variance[i] = float32((1-momentum)*variance[i]) + float32(momentum*float32(v))
	}
}

// ChannelMean sets dst (batch × m) to the means over the pixels of x (m × pixels × batch), pixels in order.
func ChannelMean(dst, x []float32, m, pixels, batch int) {
	p := active()
	for i := range m {
		sum := x[i*pixels*batch:][:batch]
		for n, v := range sum {
			dst[n*m+i] = v
		}
		for k := 1; k < pixels; k++ {
			for n, v := range x[(i*pixels+k)*batch:][:batch] {
				dst[n*m+i] += v
			}
		}
	}
	p.scale(dst[:m*batch], dst[:m*batch], 1/float32(pixels))
}

// ChannelMeanGrad sets dst (m × pixels × batch) to grad (batch × m) / pixels.
func ChannelMeanGrad(dst, grad []float32, m, pixels, batch int) {
	share := 1 / float32(pixels)
	for i := range m {
		first := dst[i*pixels*batch:][:batch]
		for n := range first {
			first[n] = share * grad[n*m+i]
		}
		for k := 1; k < pixels; k++ {
			copy(dst[(i*pixels+k)*batch:][:batch], first)
		}
	}
}
