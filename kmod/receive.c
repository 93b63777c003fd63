// SPDX-License-Identifier: GPL-2.0
#include "receive.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "forward.h"
#include "guard.h"
#include "host.h"
#include "port.h"
#include "route.h"
#include "too_big.h"

static enum bfly_drop check_frame(const struct bfly_port_conf *conf,
				  const struct ethhdr *eth)
{
	if (unlikely(!conf))
		return BFLY_DROP_CLOSED;
	if (unlikely(is_link_local_ether_addr(eth->h_dest)))
		return BFLY_DROP_LINK_LOCAL;
	if (unlikely(!conf->bypass && !bfly_guard_mac(conf, eth->h_source)))
		return BFLY_DROP_SPOOFED_MAC;
	return BFLY_PASS;
}

static __always_inline void enter(struct bfly_port *port, struct sk_buff *skb)
{
	const struct bfly_port_conf *conf = rcu_dereference(port->conf);
	struct bfly_pkt pkt __uninitialized;
	enum bfly_drop drop;

	bfly_count_rx(port->stats, skb->len + ETH_HLEN);
	drop = check_frame(conf, eth_hdr(skb));
	if (unlikely(drop)) {
		bfly_port_count_drop(port, true);
		bfly_drop(port->sw, skb, drop);
		return;
	}
	pkt.sw = port->sw;
	pkt.net = conf->net;
	pkt.in = port;
	pkt.conf = conf;
	pkt.skb = skb;
	bfly_forward(&pkt);
}

void bfly_port_enter(struct bfly_port *port, struct sk_buff *skb)
{
	enter(port, skb);
}

rx_handler_result_t bfly_port_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;

	enter(rcu_dereference(skb->dev->rx_handler_data), skb);
	return RX_HANDLER_CONSUMED;
}

/* The netdev is down, or the frame at skb->data too big for it. */
static void port_refuse(struct bfly_port *port, struct sk_buff *skb)
{
	const struct bfly_port_conf *conf = rcu_dereference(port->conf);

	__skb_pull(skb, ETH_HLEN);
	if (conf && port->dev->flags & IFF_UP)
		bfly_too_big(conf->net, skb, READ_ONCE(port->dev->mtu));
	bfly_port_count_drop(port, false);
	bfly_drop(port->sw, skb, BFLY_DROP_TOO_BIG);
}

void bfly_port_xmit(struct bfly_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;

	if (unlikely(port->host)) {
		bfly_host_receive(port, skb);
		return;
	}
	__skb_push(skb, ETH_HLEN);
	if (unlikely(!bfly_dev_takes(dev, skb))) {
		port_refuse(port, skb);
		return;
	}
	bfly_count_tx(port->stats, skb->len);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	nf_reset_ct(skb);
	skb->dev = dev;
	dev_queue_xmit(skb);
}
