package dispatch

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write JOB.md anew")

// TestJobDoc keeps JOB.md, the drawing of the job's life, as the table has it.
func TestJobDoc(t *testing.T) {
	t.Parallel()
	want := jobDoc()
	if *update {
		if err := os.WriteFile("JOB.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("JOB.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("JOB.md differs from the table of steps: run go generate ./dispatch")
	}
}

func jobStates() []JobState {
	return []JobState{JobPlanned, JobAssigned, JobAccepted, JobDeparted, JobArrived, JobPaused, JobDone, JobCancelled}
}

func jobDoc() string {
	var b strings.Builder
	b.WriteString("# The life of a job\n\n")
	b.WriteString("Written from the table in `job_steps.go` by `go generate ./dispatch`; a test keeps the two alike.\n\n")
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> planned\n")
	for _, s := range jobSteps {
		for _, from := range s.from {
			to := s.to
			if s.action == ActResume {
				continue
			}
			if from == to {
				fmt.Fprintf(&b, "    %s --> %s: %s (another crew)\n", from, to, s.action)
			} else {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, s.action)
			}
		}
		if s.action == ActResume {
			for _, back := range jobSteps[slices.IndexFunc(jobSteps[:], func(p jobStep) bool { return p.action == ActPause })].from {
				fmt.Fprintf(&b, "    paused --> %s: resume\n", back)
			}
		}
	}
	b.WriteString("    done --> [*]\n    cancelled --> [*]\n```\n\n")

	b.WriteString("| from \\ step |")
	for _, s := range jobSteps {
		fmt.Fprintf(&b, " %s |", s.action)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(jobSteps)) + "\n")
	for _, from := range jobStates() {
		fmt.Fprintf(&b, "| **%s** |", from)
		for _, s := range jobSteps {
			cell := ""
			if slices.Contains(s.from, from) {
				cell = string(s.to)
				if s.action == ActResume {
					cell = "where it was"
				}
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteString("\n")
	}

	b.WriteString("\n| step | event | needs | who may |\n|---|---|---|---|\n")
	for _, s := range jobSteps {
		var needs, who []string
		if s.crew {
			needs = append(needs, "crew")
		}
		if s.reason {
			needs = append(needs, "reason")
		}
		for _, r := range Roles() {
			if r.grants(s.may) && r != System {
				who = append(who, string(r))
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", s.action, s.event, strings.Join(needs, ", "), strings.Join(who, ", "))
	}
	b.WriteString("\nEach only within its own scope: a crew its own jobs, a department or a district its own.\n")
	return b.String()
}
