package model

import "sync"

// inOrder calls work for 0 to n-1, in several goroutines that it tells apart by their number, and
// done for each of them, in order and one at a time, when its work is finished. At most
// ahead jobs are begun beyond the first that is not done. It stops at the first error of done.
//
// Nobody waits for a turn at done: who finishes a job while another goroutine is there
// leaves it to that one. So big jobs and slow writing hold up nothing else.
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
	busy     bool      // a goroutine calls done
	ahead    int
	done     func(i int) error
	err      error
}

// take is the next job, or -1 if there is none.
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

// finish notes that the work of job i is finished, and calls done for all whose turn it is.
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
