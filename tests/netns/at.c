// SPDX-License-Identifier: GPL-2.0
/* at NS COMMAND [ARGUMENT...]: run it in that namespace of the network. */
#include <err.h>
#include <errno.h>
#include <unistd.h>
#include "enter.h"

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: at NS COMMAND [ARGUMENT...]");
	enter(argv[1]);
	execvp(argv[2], argv + 2);
	warn("%s", argv[2]);
	return errno == ENOENT ? 127 : 126;
}
