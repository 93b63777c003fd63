/* SPDX-License-Identifier: GPL-2.0 */
/* Flags of a socket that were bit fields before 6.6. */
#ifndef _BFLY_COMPAT_NET_INET_SOCK_H
#define _BFLY_COMPAT_NET_INET_SOCK_H

#include_next <net/inet_sock.h>

#ifndef inet_clear_bit
#define bfly_compat_clear_MC_ALL(sk)	(inet_sk(sk)->mc_all = 0)
#define bfly_compat_clear_MC6_ALL(sk)	(inet6_sk(sk)->mc_all = 0)
#define bfly_compat_clear_MC6_LOOP(sk)	(inet6_sk(sk)->mc_loop = 0)
#define inet_clear_bit(nr, sk)		bfly_compat_clear_##nr(sk)
#define inet6_clear_bit(nr, sk)		bfly_compat_clear_##nr(sk)
#endif

#endif /* _BFLY_COMPAT_NET_INET_SOCK_H */
