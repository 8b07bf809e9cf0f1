package store

import (
	"errors"
	"os/exec"
	"syscall"
)

const sigxfsz = syscall.Signal(25)

func limitFileSize(uint64) error { return errors.New("no file size limit on Windows") }

func asNobody(*exec.Cmd) {}

func limitAddresses(uint64) error { return errors.New("no address limit on Windows") }
