package kernel

// ChannelGradAdd is [ChannelGrad] plus add, another gradient of the same input; dst may be either gradient.
func ChannelGradAdd(dst, x, mean, rate, scale, grad, sgy, sg, add []float32, m, n int) {
	active().channelGradAdd(dst[:m*n], x[:m*n], mean[:m], rate[:m], scale[:m], grad[:m*n], sgy[:m], sg[:m], add[:m*n], m, n)
}

func (p path) channelGradAdd(dst, x, mean, rate, scale, grad, sgy, sg, add []float32, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	if p != portable {
		channelGradAddVector(p, &dst[0], &x[0], &mean[0], &rate[0], &scale[0], &grad[0], &sgy[0], &sg[0], &add[0], m, n, float32(n))
		return
	}
	for i := range m {
		a, mg, mgy := float32(rate[i]*scale[i]), sg[i]/float32(n), float32(rate[i]*(sgy[i]/float32(n)))
		for j, g := range grad[i*n:][:n] {
			dx := float32(a * (g - mg - float32((x[i*n+j]-mean[i])*mgy)))
			dst[i*n+j] = dx + add[i*n+j]
		}
	}
}

// JoinMoments sets dst to the moments of pictures whose channels are those of parts, one after another: all
// means, then all rates, as each part has them.
func JoinMoments(dst []float32, parts [][]float32) {
	at, m := 0, len(dst)/2
	for _, p := range parts {
		n := len(p) / 2
		copy(dst[at:], p[:n])
		copy(dst[m+at:], p[n:])
		at += n
	}
}
