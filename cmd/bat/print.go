package main

import (
	"fmt"

	"batos/bridge/contract"
)

// printJSON writes one value as one line.
func (e *env) printJSON(v any) error {
	line, err := contract.AppendJSON(nil, v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s\n", line)
	return err
}
