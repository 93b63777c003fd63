// SPDX-License-Identifier: LGPL-2.1
/* The members of a group; they travel in the attributes of a group. */
#include "core.h"

BFLY_API int bfly_member_new(struct bfly_ctl *ctl, const struct bfly_group *group,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_MEMBER_NEW, flags,
			   &bfly_group_layout, group);
}

BFLY_API int bfly_member_del(struct bfly_ctl *ctl, const struct bfly_group *group)
{
	return bfly_change(ctl, BFLY_CMD_MEMBER_DEL, BFLY_ADD, &bfly_group_layout, group);
}

BFLY_DEFINE_DUMP(member, group, bfly_group_layout, BFLY_CMD_MEMBER_GET)
