package runner

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakePower writes the counters of two packages and the busy clock as Linux shows them.
func fakePower(t *testing.T, dir string, microjoules [2]string, busy string) {
	t.Helper()
	for i, uj := range microjoules {
		for name, text := range map[string]string{"energy_uj": uj, "max_energy_range_uj": "1000000\n"} {
			path := filepath.Join(dir, "intel-rapl:"+string(rune('0'+i)), name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "stat"), []byte(busy), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEnergyIsTheTrialsShareOfWhatTheProcessorsTook(t *testing.T) {
	dir := t.TempDir()
	stat := filepath.Join(dir, "stat")
	fakePower(t, dir, [2]string{"100000\n", "900000\n"}, "cpu  100 0 50 9000 7 1 1 0 0 0\ncpu0 1 2 3\n")
	// A part of a package lies beside it and must not count twice.
	if err := os.MkdirAll(filepath.Join(dir, "intel-rapl:0:0"), 0o755); err != nil {
		t.Fatal(err)
	}
	m := startMeter(dir, stat)
	// 0.3 J and, over the end of the counter's range, 0.2 J; 200 ticks of work, of which this trial did 100.
	fakePower(t, dir, [2]string{"400000\n", "100000\n"}, "cpu  250 0 100 9900 9 1 1 0 0 0\n")
	if got := m.joules(1); math.Abs(got-0.25) > 1e-9 {
		t.Errorf("got %v J, want half of 0.5", got)
	}
	if got := m.joules(0.01); got != 0 {
		t.Errorf("a trial shorter than the clock's ticks was measured: %v J", got)
	}
	if got := startMeter(filepath.Join(dir, "none"), stat).joules(1); got != 0 {
		t.Errorf("without counters: %v J", got)
	}
	if err := os.Remove(filepath.Join(dir, "intel-rapl:1", "energy_uj")); err != nil {
		t.Fatal(err)
	}
	if got := startMeter(dir, stat).joules(1); got != 0 {
		t.Errorf("with one of two counters: %v J", got)
	}
}

func TestACostSaysWhatItRestsOn(t *testing.T) {
	u := Usage{WallMS: 9000, CPUMS: 4000}.priced(25, 360)
	if u.EnergyJ != 100 || u.CO2G != 0.01 || !strings.Contains(u.Basis, "estimated") || !strings.Contains(u.Basis, "25 W") || !strings.Contains(u.Basis, "360 g/kWh") {
		t.Errorf("estimated: %+v", u)
	}
	u = Usage{CPUMS: 4000, EnergyJ: 7.2}.priced(25, 500)
	if u.EnergyJ != 7.2 || math.Abs(float64(u.CO2G)-0.001) > 1e-12 || !strings.Contains(u.Basis, "measured") || strings.Contains(u.Basis, "25 W") {
		t.Errorf("measured: %+v", u)
	}
	sum := Usage{CPUMS: 1, WallMS: 2, EnergyJ: 3}.plus(Usage{CPUMS: 10, WallMS: 20, PeakRSSKB: 5})
	if sum.CPUMS != 11 || sum.WallMS != 22 || sum.PeakRSSKB != 5 || sum.EnergyJ != 0 {
		t.Errorf("an attempt with a measurement and one without: %+v", sum)
	}
}

func TestEnergyIsReadable(t *testing.T) {
	for ms, want := range map[int64]string{1000: "1.0 s of processor time, 10 J estimated", 14_035_700: "14035.7 s of processor time, 39 Wh estimated"} {
		if got := (Usage{CPUMS: ms}).priced(10, 480).Short(); got != want {
			t.Errorf("%d ms: %q, want %q", ms, got, want)
		}
	}
}
