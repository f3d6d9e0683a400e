package visit

import "net/netip"

// Network returns what stands for one household: the IPv4 address, or the /64 of an IPv6 address,
// inside which privacy addresses rotate. IPv4 written as IPv6 is IPv4. An address that is none
// gives the zero Prefix.
func Network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
