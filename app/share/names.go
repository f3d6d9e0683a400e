package share

// String is the state's name in keys of words and in tests.
func (s State) String() string {
	switch s {
	case Counted:
		return "counted"
	case OwnDevice:
		return "own_device"
	case SignedIn:
		return "signed_in"
	case SameNetwork:
		return "same_network"
	case NetworkCap:
		return "network_cap"
	case Excluded:
		return "excluded"
	case Erased:
		return "erased"
	case Repeated:
		return "repeated"
	case Untracked:
		return "untracked"
	}
	return "unknown"
}

// String is the kind's name in keys of words and in tests.
func (k Kind) String() string {
	names := [...]string{"fetched", "preview", "prefetch", "scanner", "bot", "suspicious", "looked", "unconfirmed", "intended", "beside"}
	if k >= 0 && int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}
