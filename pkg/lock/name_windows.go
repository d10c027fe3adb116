package lock

// suffix is appended to the name of a file to name the one that is locked. Windows lets nobody read
// or write what is locked, not even its owner through another handle.
const suffix = ".lock"
