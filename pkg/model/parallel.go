package model

import "sync"

// inOrder calls work(worker, i) for i from 0 to n-1, in several goroutines that the number worker
// tells apart, and done(i) for each i once its work is finished: in order and one at a time. It
// begins no job that is more than ahead after the first one that is not done. At the first error of
// done it begins nothing more, and returns the error.
//
// No goroutine waits for its turn to call done: one that finishes a job while another calls done
// leaves its job to that one. So neither big jobs nor slow writing hold up anything else.
func inOrder(n, workers, ahead int, work func(worker, i int), done func(i int) error) error {
	q := queue{finished: make([]bool, n), ahead: ahead, done: done}
	q.moved.L = &q.mu
	var wg sync.WaitGroup
	for worker := range max(1, min(workers, n)) {
		wg.Go(func() {
			for i := q.take(); i >= 0; i = q.take() {
				work(worker, i)
				q.finish(i)
			}
		})
	}
	wg.Wait()
	return q.err
}

type queue struct {
	mu       sync.Mutex
	moved    sync.Cond // next has grown, or err is set
	taken    int       // jobs begun
	next     int       // the first job that is not done
	finished []bool    // jobs whose work is finished
	busy     bool      // some goroutine is calling done
	ahead    int
	done     func(i int) error
	err      error
}

// take is the next job to begin, or -1 if there is none.
func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.err == nil && q.taken < len(q.finished) && q.taken-q.next > q.ahead {
		q.moved.Wait()
	}
	if q.err != nil || q.taken == len(q.finished) {
		return -1
	}
	q.taken++
	return q.taken - 1
}

// finish notes that the work of job i is finished, and calls done for all jobs whose turn has come.
func (q *queue) finish(i int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.finished[i] = true
	if q.busy {
		return
	}
	q.busy = true
	for q.err == nil && q.next < len(q.finished) && q.finished[q.next] {
		next := q.next
		q.mu.Unlock()
		err := q.done(next)
		q.mu.Lock()
		q.next, q.err = next+1, err
		q.moved.Broadcast()
	}
	q.busy = false
}
