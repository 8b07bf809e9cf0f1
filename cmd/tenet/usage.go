package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tenet/index"
)

// usageError marks an error that the caller's words caused.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, a ...any) error { return usageError{fmt.Errorf(format, a...)} }

// flagError says in words what a flag would take, where the flag library names a function of the standard library.
func flagError(err error) error {
	s := err.Error()
	for _, w := range [][2]string{
		{"strconv.ParseInt: ", "a whole number"},
		{"strconv.ParseBool: ", "true or false"},
		{"time: ", "a time, such as 90s, 30m or 2h"},
	} {
		if before, _, ok := strings.Cut(s, " flag: "+w[0]); ok {
			return usagef("%s: wants %s", before, w[1])
		}
	}
	return usageError{err}
}

// checkJobs refuses a number of processes below 0; 0 is the default.
func checkJobs(jobs int) error {
	if jobs < 0 {
		return usagef("--jobs %d: at least 1, or 0 for one per core", jobs)
	}
	return nil
}

// checkSearch refuses flags that the index could not follow.
func checkSearch(kinds []string, order string, limit, offset int) error {
	for _, k := range kinds {
		if !slices.Contains(index.Kinds(), k) {
			return usagef("--kind %s: there are %s", strconv.Quote(k), strings.Join(index.Kinds(), ", "))
		}
	}
	if order != "" && !slices.Contains(index.Sorts(), order) {
		return usagef("--sort %s: there are %s", strconv.Quote(order), strings.Join(index.Sorts(), ", "))
	}
	if limit < 1 || offset < 0 {
		return usagef("-n %d --offset %d: at least 1 hit, from 0 on", limit, offset)
	}
	return nil
}
