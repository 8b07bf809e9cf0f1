package kernel

import "golang.org/x/sys/cpu"

// supported lists the paths that this processor and system can run, slowest first.
func supported() []path {
	have := []path{portable}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		have = append(have, avx2)
		if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
			have = append(have, avx512)
		}
	}
	return have
}
