package uvm

import "batos/store"

// delta tells watchers what the worker's last commit changed.
func (w *worker) delta(tid store.TID) *Change {
	return nil
}
