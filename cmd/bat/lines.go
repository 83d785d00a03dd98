package main

import (
	"bufio"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// plainLines reads lines from a pipe or a file, without prompts.
type plainLines struct{ in *bufio.Reader }

func newLines(r io.Reader) *bufio.Reader { return bufio.NewReader(r) }

func (p *plainLines) Prompt(string) (string, error) {
	line, err := p.in.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (p *plainLines) AppendHistory(string) {}
func (p *plainLines) Close() error         { return nil }
