package survey

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"strings"
	"time"
)

// Reviewer says who is at work: the flag, else $TENET_REVIEWER, else the name
// and mail address that git knows, else the account. It never fails; at worst
// it is "unknown".
func Reviewer(ctx context.Context, flag string) string {
	return reviewer(ctx, flag, os.Getenv, gitConfig, account)
}

func reviewer(ctx context.Context, flag string, env func(string) string, git func(context.Context, string) string, account func() string) string {
	if name := clean(flag); name != "" {
		return name
	}
	if name := clean(env("TENET_REVIEWER")); name != "" {
		return name
	}
	name, mail := clean(git(ctx, "user.name")), clean(git(ctx, "user.email"))
	switch {
	case name != "" && mail != "":
		return name + " <" + mail + ">"
	case name+mail != "":
		return name + mail
	}
	if name := clean(account()); name != "" {
		return name
	}
	return "unknown"
}

// gitConfig asks git; a machine without git simply has no answer.
func gitConfig(ctx context.Context, key string) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", "config", "--get", key).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func account() string {
	u, err := user.Current()
	if err != nil {
		return os.Getenv("USER")
	}
	if u.Name != "" {
		return u.Name
	}
	return u.Username
}
