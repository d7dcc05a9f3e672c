// Command sqlcheck says of each SQL statement on its standard input whether Google's own analyzer takes it, against the
// tables that stand beside them. Input and output are JSON: see Request and Verdict.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Request is what is asked: statements, and the tables that they may name.
type Request struct {
	Tables     []Table     `json:"tables"`
	Statements []Statement `json:"statements"`
}

// Table is a table under every name that statements use for it.
type Table struct {
	Names  []string `json:"names"`
	Fields []Field  `json:"fields"`
}

// Field is a column, as in BigQuery's JSON schemas.
type Field struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Mode string `json:"mode"`
}

// Statement is one statement, with the types of its named parameters: `DATE`, `ARRAY<STRING>`.
type Statement struct {
	Name       string            `json:"name"`
	SQL        string            `json:"sql"`
	Parameters map[string]string `json:"parameters"`
}

// Verdict is the answer for one statement: why it is refused, with line and column, or which columns it reads, and of
// which it says what they have to be.
type Verdict struct {
	Name    string              `json:"name"`
	Error   string              `json:"error,omitempty"`
	Reads   map[string][]string `json:"reads,omitempty"`
	Filters filters             `json:"filters,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "sqlcheck:", err)
		os.Exit(1)
	}
}

func run() error {
	var request Request
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	analyzer, err := newAnalyzer(request.Tables)
	if err != nil {
		return err
	}
	verdicts := make([]Verdict, 0, len(request.Statements))
	for _, statement := range request.Statements {
		verdict, err := analyzer.judge(statement)
		if err != nil {
			return fmt.Errorf("%s: %w", statement.Name, err)
		}
		verdicts = append(verdicts, verdict)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}
