package runner

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	dropCall = regexp.MustCompile(`drop\(\s*\w+\s*,\s*\[([^\]]*)\]\s*\)`)
	overList = regexp.MustCompile(`(\w+)\s+in\s+\[([^\]]*)\]`)
)

// lesionSets reads from the number that is tested which blocks are taken away: drop(arm, [2,4]) is one set,
// and a name in the list that runs over "k in [3,4,5]" is one set for each value.
func lesionSets(expression string) ([][]int, error) {
	lists := map[string][]int{}
	for _, m := range overList.FindAllStringSubmatch(expression, -1) {
		l, err := ints(m[2])
		if err != nil {
			return nil, err
		}
		lists[m[1]] = l
	}
	var sets [][]int
	for i, m := range dropCall.FindAllStringSubmatch(expression, -1) {
		var here [][]int
		if over, ok := lists[strings.TrimSpace(m[1])]; ok {
			for _, k := range over {
				here = append(here, []int{k})
			}
		} else {
			set, err := ints(m[1])
			if err != nil {
				return nil, err
			}
			here = [][]int{set}
		}
		if i > 0 && !slices.EqualFunc(sets, here, slices.Equal) {
			return nil, fmt.Errorf("the arms lose different blocks in %q", expression)
		}
		sets = here
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("no drop(arm, [blocks]) in %q", expression)
	}
	return sets, nil
}

func ints(text string) ([]int, error) {
	var out []int
	for _, w := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(w))
		if err != nil {
			return nil, fmt.Errorf("%q is not a block's number", strings.TrimSpace(w))
		}
		out = append(out, n)
	}
	return out, nil
}
