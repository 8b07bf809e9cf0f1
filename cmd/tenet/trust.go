package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"tenet/runner"
)

// askTrust shows the commands that a hypothesis's arms name to the person at the terminal and asks whether
// they may run. Without a terminal nothing is asked: runner.Run then refuses.
func (a *app) askTrust(s *session, name string, f runFlags) (runFlags, error) {
	if f.trust || !isTerminal(a.in) || !isTerminal(a.err) {
		return f, nil
	}
	commands, err := runner.Commands(s.lib, name)
	if err != nil || len(commands) == 0 {
		return f, err
	}
	fmt.Fprintf(a.err, "%s runs commands of its own on this machine, with your rights, in %s:\n", name, s.lib.Dir())
	for _, c := range commands {
		fmt.Fprintf(a.err, "  %-12s %s\n", c.Arm, clean(c.Line))
		for _, file := range c.Files {
			fmt.Fprintf(a.err, "  %-12s   %s  %.16s\n", "", clean(file.Path), file.SHA)
		}
		fmt.Fprintf(a.err, "  %-12s   content %s\n", "", c.SHA)
	}
	fmt.Fprint(a.err, "run them? [y/N] ")
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if word := strings.ToLower(strings.TrimSpace(line)); err != nil || word != "y" && word != "yes" {
		return f, errors.New("nothing was run: the commands are not trusted")
	}
	f.trust = true
	return f, nil
}
