"""Days of a county in minutes: the real code on a virtual clock, a far side in this process, faults on request."""
