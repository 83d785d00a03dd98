package mind

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// chunk is one event of a streamed answer, or a whole answer of a server that
// does not stream.
type chunk struct {
	Model   string `json:"model"`
	Choices []struct {
		Delta        *chatMessage `json:"delta"`
		Message      *chatMessage `json:"message"`
		Text         string       `json:"text"`
		FinishReason *string      `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

func (c chunk) text() string {
	if len(c.Choices) == 0 {
		return ""
	}
	choice := c.Choices[0]
	switch {
	case choice.Delta != nil:
		return choice.Delta.Content
	case choice.Message != nil:
		return choice.Message.Content
	}
	return choice.Text
}

func (c chunk) finished() bool {
	return len(c.Choices) > 0 && c.Choices[0].FinishReason != nil && *c.Choices[0].FinishReason != ""
}

// brokenError is an answer that went wrong on its way or in the server: asked
// again, it may come whole.
type brokenError struct{ why string }

func (e *brokenError) Error() string { return e.why }

// maxEventBytes bounds one line of a stream.
const maxEventBytes = 4 << 20

// readAnswer reads the answer of a chat request and gives its chunks. The
// format is server-sent events (WHATWG HTML, section 9.2) with one JSON object
// in each data field, ended by "[DONE]"; servers that ignore "stream" send one
// JSON object instead. A stream that ends with neither "[DONE]" nor a finish
// reason was cut: io.ErrUnexpectedEOF.
func readAnswer(resp *http.Response, got func(chunk) error) error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind == "application/json" {
		data, err := io.ReadAll(io.LimitReader(resp.Body, maxEventBytes))
		if err != nil {
			return err
		}
		_, err = giveChunk(data, got)
		return err
	}
	return readEvents(resp.Body, got)
}

func readEvents(body io.Reader, got func(chunk) error) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 16<<10), maxEventBytes)
	var data []byte
	finished := false
	// flush gives the event that a blank line ends.
	flush := func() (done bool, err error) {
		defer func() { data = data[:0] }()
		if len(data) == 0 {
			return false, nil
		}
		if string(bytes.TrimSpace(data)) == "[DONE]" {
			return true, nil
		}
		end, err := giveChunk(data, got)
		finished = finished || end
		return false, err
	}
	for lines.Scan() {
		line := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if len(line) == 0 {
			if done, err := flush(); done || err != nil {
				return err
			}
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		if string(field) != "data" {
			continue // comments, event names, ids
		}
		value = bytes.TrimPrefix(value, []byte(" "))
		if len(data) > 0 {
			// Some servers leave out the blank line between whole objects.
			if json.Valid(data) {
				if done, err := flush(); done || err != nil {
					return err
				}
			} else {
				data = append(data, '\n')
			}
		}
		if len(data)+len(value) > maxEventBytes {
			return &RefusedError{Why: fmt.Sprintf("an event of the stream is longer than %d bytes", maxEventBytes)}
		}
		data = append(data, value...)
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return &RefusedError{Why: fmt.Sprintf("an event of the stream is longer than %d bytes", maxEventBytes)}
		}
		return err
	}
	if done, err := flush(); done || err != nil {
		return err
	}
	if !finished {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func giveChunk(data []byte, got func(chunk) error) (finished bool, err error) {
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return false, &brokenError{fmt.Sprintf("its answer is not the chat protocol: %v", err)}
	}
	if len(c.Error) > 0 && string(c.Error) != "null" {
		return false, &brokenError{"it broke off: " + serverMessage(data)}
	}
	return c.finished(), got(c)
}
