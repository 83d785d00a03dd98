package world

import (
	"slices"
	"strconv"
	"strings"

	"batos/uvm"
)

// Metric is one figure for Prometheus.
type Metric struct {
	Name  string // in Prometheus' words: batos_..., counters end in _total
	Help  string // one sentence
	Type  string // "counter" or "gauge"
	Value float64
}

// StatsMetrics tells the machine's figures.
func StatsMetrics(s uvm.Stats) []Metric {
	return []Metric{
		{"batos_messages_total", "Messages committed or answered since start.", "counter", float64(s.Messages)},
		{"batos_messages_failed_total", "Messages that failed since start.", "counter", float64(s.Failed)},
		{"batos_message_retries_total", "Runs repeated after a conflict since start.", "counter", float64(s.Retries)},
		{"batos_messages_waiting", "Messages that wait for a mind or a person.", "gauge", float64(s.Waiting)},
		{"batos_messages_queued", "Messages that wait for a worker.", "gauge", float64(s.Queued)},
		{"batos_workers", "Workers.", "gauge", float64(s.Workers)},
		{"batos_workers_busy", "Workers that run a message.", "gauge", float64(s.Busy)},
		{"batos_objects_cached", "Objects in the caches of all workers.", "gauge", float64(s.Objects)},
		{"batos_last_tid", "The newest transaction.", "gauge", float64(s.Store.Last)},
		{"batos_durable_tid", "The newest durable transaction.", "gauge", float64(s.Store.Durable)},
		{"batos_start_time_seconds", "When the machine started, in seconds since 1970.", "gauge", float64(s.Started.UnixMilli()) / 1000},
	}
}

// AppendMetrics appends figures in Prometheus' text format, sorted by name.
func AppendMetrics(b []byte, metrics []Metric) []byte {
	sorted := slices.Clone(metrics)
	slices.SortStableFunc(sorted, func(x, y Metric) int { return strings.Compare(x.Name, y.Name) })
	for _, m := range sorted {
		b = append(b, "# HELP "+m.Name+" "...)
		b = append(b, strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(m.Help)...)
		b = append(b, "\n# TYPE "+m.Name+" "+m.Type+"\n"+m.Name+" "...)
		b = strconv.AppendFloat(b, m.Value, 'g', -1, 64)
		b = append(b, '\n')
	}
	return b
}
