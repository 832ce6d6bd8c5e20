# shellcheck shell=bash
#
# free_ports: prints the first of four free ports in a row on loopback, somewhere below the ephemeral ones. To be sourced.
free_ports() {
	local port try i free

	for try in {1..50}; do
		port=$((20000 + (RANDOM + try) % 12000))
		free=yes
		for i in 0 1 2 3; do
			if (exec 3<>"/dev/tcp/127.0.0.1/$((port + i))") 2>/dev/null; then
				free=no
			fi
		done
		if [[ $free == yes ]]; then
			echo "$port"
			return
		fi
	done
	echo "no free ports on 127.0.0.1" >&2
	return 1
}
