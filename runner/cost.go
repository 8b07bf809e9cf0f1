package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tenet/internal/store"
)

// The two numbers that no program can measure here and that every estimate rests on. Both are stated in the
// record beside what follows from them; Options take others.
const (
	DefaultWatts = 10.0  // of one busy core, its share of memory and power supply included
	DefaultGrid  = 480.0 // grams of CO2e for each kWh, about what the world's grids gave of late
)

// Usage is what a trial used.
type Usage struct {
	WallMS    int64      `json:"wall_ms"`
	CPUMS     int64      `json:"cpu_ms"`
	PeakRSSKB int64      `json:"peak_rss_kb"` // of the worker process so far; 0 where the system does not tell
	Params    int        `json:"params"`
	FLOPs     store.Real `json:"flops"` // products of the training, 2 per multiply-add
	EnergyJ   store.Real `json:"energy_j,omitempty"`
	CO2G      store.Real `json:"co2_g,omitempty"`
	Basis     string     `json:"basis,omitempty"` // what energy and CO2e rest on; "" in records of engines before 3
}

// BusyMS is the processor's time, or the clock's where the system does not tell: a loaded machine makes a
// trial late, not dear.
func (u Usage) BusyMS() int64 {
	if u.CPUMS > 0 {
		return u.CPUMS
	}
	return u.WallMS
}

// plus adds what an earlier attempt at the same trial used, up to the state it left.
func (u Usage) plus(before Usage) Usage {
	if u.EnergyJ > 0 != (before.EnergyJ > 0) {
		u.EnergyJ, before.EnergyJ = 0, 0 // half a measurement is none
	}
	u.WallMS += before.WallMS
	u.CPUMS += before.CPUMS
	u.PeakRSSKB = max(u.PeakRSSKB, before.PeakRSSKB)
	u.EnergyJ += before.EnergyJ
	return u
}

// priced fills in energy and CO2e and says what they rest on: a measurement where the worker has one, else
// processor time and the stated watts.
func (u Usage) priced(watts, grid float64) Usage {
	switch busy := float64(u.BusyMS()) / 1000; {
	case u.EnergyJ > 0:
		u.Basis = "energy measured (RAPL, this trial's share of the processor's busy time)"
	default:
		u.EnergyJ = store.Real(busy * watts)
		u.Basis = fmt.Sprintf("energy estimated: processor seconds × %g W a core, stated", watts)
	}
	u.CO2G = store.Real(float64(u.EnergyJ) / 3.6e6 * grid)
	u.Basis += fmt.Sprintf("; CO2e at %g g/kWh, stated", grid)
	return u
}

// String says it in one line, all but what it rests on.
func (u Usage) String() string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	add("%.2f s (processor %.2f)", float64(u.WallMS)/1000, float64(u.CPUMS)/1000)
	if u.PeakRSSKB > 0 {
		add("%d MiB", u.PeakRSSKB>>10)
	}
	if u.Params > 0 {
		add("%d parameters", u.Params)
	}
	if u.FLOPs > 0 {
		add("%.3g GFLOP", float64(u.FLOPs)/1e9)
	}
	if u.Basis != "" {
		add("%s, %.2g g CO2e", energy(float64(u.EnergyJ)), float64(u.CO2G))
	}
	return strings.Join(parts, ", ")
}

// Short says what it cost in a few words; "" where no cost is on record.
func (u Usage) Short() string {
	if u.Basis == "" {
		return ""
	}
	how := "estimated"
	if strings.Contains(u.Basis, "measured") {
		how = "measured"
	}
	return fmt.Sprintf("%.1f s of processor time, %s %s", float64(u.BusyMS())/1000, energy(float64(u.EnergyJ)), how)
}

// energy is in joules as far as three digits show them, above that in watt-hours.
func energy(joules float64) string {
	if joules < 999.5 {
		return fmt.Sprintf("%.3g J", joules)
	}
	return wattHours(joules)
}

// Where Linux tells the energy of processors and the time for which they were busy.
const (
	powercapDir = "/sys/class/powercap"
	procStat    = "/proc/stat"
)

// meter reads the processors' energy counters. On machines and for users that have none it measures nothing.
type meter struct {
	zones []zone
	stat  string
	busy  float64 // ticks, at the start
}

// zone is one processor package's counter, which starts anew after its range.
type zone struct {
	path          string
	start, extent float64 // microjoules
}

// startMeter begins a measurement; root and stat are powercapDir and procStat.
func startMeter(root, stat string) meter {
	m := meter{stat: stat}
	names, _ := filepath.Glob(filepath.Join(root, "intel-rapl:*")) // the only error is of the pattern
	slices.Sort(names)
	for _, dir := range names {
		if strings.Count(filepath.Base(dir), ":") != 1 {
			continue // a part of a package, which the package counts
		}
		z := zone{path: filepath.Join(dir, "energy_uj")}
		var ok, has bool
		z.start, ok = readNumber(z.path)
		z.extent, has = readNumber(filepath.Join(dir, "max_energy_range_uj"))
		if !ok || !has {
			return meter{} // energy of some processors alone is the energy of none
		}
		m.zones = append(m.zones, z)
	}
	var ok bool
	if m.busy, ok = busyTicks(stat); !ok {
		return meter{}
	}
	return m
}

// joules is this trial's share of the energy since the start; 0 where nothing is measured. A share smaller
// than a tick of the busy clock cannot be told, and a trial of less is estimated.
func (m meter) joules(cpuSeconds float64) float64 {
	const ticks = 100 // a second, on every Linux that Go runs on
	if len(m.zones) == 0 || cpuSeconds < 10.0/ticks {
		return 0
	}
	var spent float64
	for _, z := range m.zones {
		now, ok := readNumber(z.path)
		if !ok {
			return 0
		}
		if now < z.start {
			now += z.extent
		}
		spent += now - z.start
	}
	busy, ok := busyTicks(m.stat)
	if busy -= m.busy; !ok || busy <= 0 {
		return 0
	}
	return spent / 1e6 * min(1, cpuSeconds*ticks/busy)
}

func readNumber(path string) (float64, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(string(b)), 64)
	return v, err == nil
}

// busyTicks is the time that all cores together have worked: user, nice, system, irq, softirq and steal.
func busyTicks(path string) (float64, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(b), "\n")
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return 0, false
	}
	var sum float64
	for _, i := range []int{1, 2, 3, 6, 7, 8} {
		v, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return 0, false
		}
		sum += v
	}
	return sum, true
}
