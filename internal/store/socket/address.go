package socket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Name is the socket's name inside a library folder.
const Name = "library.sock"

// maxPath is the longest path a socket address holds on every system we build for (macOS has 104 bytes with the final
// zero, Linux 108). A socket whose path is longer lies in the temporary folder, and library.sock is a plain file with
// one line: "unix:" and the socket's path.
const maxPath = 100

const pointer = "unix:"

// dialTimeout bounds the wait for a holder whose queue is full or that is stopped.
const dialTimeout = 2 * time.Second

// listen binds the socket. The caller holds the library's lock, so whatever has the name is left over from a process
// that died and is replaced. The socket is made inside a folder that only we may enter and moved to its name when its
// mode is set: nobody else can connect in between.
func listen(dir string) (l *net.UnixListener, at *address, err error) {
	named := filepath.Join(dir, Name)
	at = &address{named: named}
	home := dir
	if len(named)+len("/.sock-0123456789/s") > maxPath {
		home = os.TempDir()
	}
	private, err := os.MkdirTemp(home, ".sock-")
	if err != nil {
		return nil, nil, err
	}
	bound := filepath.Join(private, "s")
	if home != dir {
		at.private = private
	} else {
		defer os.RemoveAll(private)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(private)
		}
	}()
	l, err = net.ListenUnix("unix", &net.UnixAddr{Name: bound, Net: "unix"})
	if err != nil {
		return nil, nil, err
	}
	l.SetUnlinkOnClose(false) // by then the name may belong to somebody else
	if err = os.Chmod(bound, 0o600); err == nil {
		err = at.publish(bound, home == dir)
	}
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return l, at, nil
}

// address is what a server must take away again.
type address struct {
	named   string
	private string // folder of a socket with a long path, "" otherwise
	info    os.FileInfo
}

func (a *address) publish(bound string, short bool) error {
	if !short {
		temp := a.named + ".new"
		if err := os.WriteFile(temp, []byte(pointer+bound+"\n"), 0o600); err != nil {
			return err
		}
		bound = temp
	}
	if err := os.Rename(bound, a.named); err != nil {
		return err
	}
	info, err := os.Lstat(a.named)
	a.info = info
	return err
}

// remove takes the name away unless a later server has replaced it.
func (a *address) remove() error {
	var errs []error
	if info, err := os.Lstat(a.named); err == nil && os.SameFile(info, a.info) {
		errs = append(errs, os.Remove(a.named))
	}
	if a.private != "" {
		errs = append(errs, os.RemoveAll(a.private))
	}
	return errors.Join(errs...)
}

// dial connects to the holder of a library. Every way in which nobody may be there is ErrNoHolder.
func dial(ctx context.Context, dir string) (net.Conn, error) {
	path := filepath.Join(dir, Name)
	info, err := os.Lstat(path)
	if err != nil {
		return nil, noHolder(path, err)
	}
	if info.Mode().IsRegular() {
		if path, err = follow(path); err != nil {
			return nil, noHolder(path, err)
		}
	}
	if len(path) > maxPath {
		return nil, noHolder(path, errors.New("its path is too long for a socket"))
	}
	conn, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "unix", path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("store: socket: %w", ctx.Err())
		}
		return nil, noHolder(path, err)
	}
	return conn, nil
}

func follow(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return path, err
	}
	target, ok := strings.CutPrefix(strings.TrimSpace(string(b)), pointer)
	if !ok || !filepath.IsAbs(target) {
		return path, errors.New("it is no socket and names none")
	}
	return target, nil
}

// ErrNoHolder says that nobody answers on library.sock.
var ErrNoHolder = errors.New("nobody answers")

func noHolder(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: socket: %s: %w: there is no socket", path, ErrNoHolder)
	}
	return fmt.Errorf("store: socket: %s: %w: %w", path, ErrNoHolder, err)
}
