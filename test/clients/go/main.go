// The driver tells a story with the client in Go: driver CLIENT URL STEPS.json, where CLIENT is json or xml, the form that
// it asks answers for. It prints one line of JSON a step.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
)

type step struct {
	Step    string `json:"step"`
	Control *struct {
		Method string          `json:"method"`
		Path   string          `json:"path"`
		Body   json.RawMessage `json:"body"`
	} `json:"control"`
	API         string                     `json:"api"`
	Call        string                     `json:"call"`
	With        map[string]json.RawMessage `json:"with"`
	Credentials *credentials               `json:"credentials"`
	Saves       map[string]string          `json:"saves"`
	Background  bool                       `json:"background"`
}

type outcome struct {
	Step   string   `json:"step"`
	Done   bool     `json:"done,omitempty"`
	Answer any      `json:"answer,omitempty"`
	Error  *problem `json:"error,omitempty"`
}

type problem struct {
	Code      string `json:"code"`
	Status    int    `json:"status"`
	Message   string `json:"message"`
	RequestID string `json:"requestId"`
	Recommend string `json:"recommend"`
}

type driver struct {
	client string
	url    string
	saved  map[string]string
}

func main() {
	d := driver{client: os.Args[1], url: os.Args[2], saved: map[string]string{}}
	text, err := os.ReadFile(os.Args[3])
	check(err)
	var steps []json.RawMessage
	check(json.Unmarshal(text, &steps))
	for _, raw := range steps {
		var s step
		check(json.Unmarshal(d.filledIn(raw), &s))
		line, err := json.Marshal(d.tell(s))
		check(err)
		fmt.Println(string(line))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// filledIn puts what an earlier step has saved in the place of {its name}.
func (d *driver) filledIn(raw []byte) []byte {
	return placeholder.ReplaceAllFunc(raw, func(whole []byte) []byte {
		value, known := d.saved[string(whole[1:len(whole)-1])]
		if !known {
			return whole
		}
		quoted, err := json.Marshal(value)
		check(err)
		return quoted[1 : len(quoted)-1]
	})
}

func (d *driver) tell(s step) outcome {
	if s.Control != nil {
		d.emulator(s.Control.Method, s.Control.Path, s.Control.Body)
		return outcome{Step: s.Step, Done: true}
	}
	key := credentials{AccessKeyID: "test", AccessKeySecret: "test"}
	if s.Credentials != nil {
		key = *s.Credentials
	}
	if s.Background {
		before := d.arrivals(s.Call)
		go d.call(s, key)
		for d.arrivals(s.Call) == before {
		}
		return outcome{Step: s.Step, Done: true}
	}
	answer, problem := d.call(s, key)
	if problem == nil {
		for name, path := range s.Saves {
			d.saved[name] = lookUp(answer, path)
		}
	}
	return outcome{Step: s.Step, Answer: answer, Error: problem}
}

func (d *driver) emulator(method, path string, body []byte) []byte {
	request, err := http.NewRequest(method, d.url+"/_emulator/"+path, bytes.NewReader(body))
	check(err)
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode >= 300 {
		check(fmt.Errorf("%s %s: %s", method, path, text))
	}
	return text
}

// arrivals says how many calls of an operation have come in.
func (d *driver) arrivals(action string) int {
	var calls []struct {
		Action string `json:"action"`
	}
	check(json.Unmarshal(d.emulator("GET", "calls", nil), &calls))
	count := 0
	for _, call := range calls {
		if call.Action == action {
			count++
		}
	}
	return count
}

func lookUp(answer any, path string) string {
	for _, key := range strings.Split(path, ".") {
		if list, isList := answer.([]any); isList {
			index, err := strconv.Atoi(key)
			check(err)
			answer = list[index]
		} else {
			answer = answer.(map[string]any)[key]
		}
	}
	return fmt.Sprint(answer)
}
