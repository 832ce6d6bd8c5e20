#!/usr/bin/env bash
# The real program against a secured broker: logins by PLAIN and SCRAM, TLS, ACLs, a broker that advertises a name that
# does not resolve; that a sentence says what is wrong, and that no password is ever printed.
#
#   secure.sh BUILD-DIR 3|4        the build with topicmon and topicmon-shot, and which Kafka: the older or the current one
#
# It starts a broker of its own, with its state in a temporary directory, and stops it whatever happens. Exit: 0 all is
# well, 1 something is not (what, is said).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
root=$here/../..
# shellcheck source-path=SCRIPTDIR source=../support/ports.sh
. "$here/../support/ports.sh"
# shellcheck source-path=SCRIPTDIR source=../../integration/kafka/common.sh
. "$root/integration/kafka/common.sh"

topicmon=$1/topicmon
shot=$1/tests/support/topicmon-shot
kafka=$2
case $kafka in
3) version=$(sed -n 's/^kafka_old=//p' "$root/tests/run.sh") acl_command=kafka.admin.AclCommand ;;
4) version=$(pinned_version "$root/integration/kafka") acl_command=org.apache.kafka.tools.AclCommand ;;
*) usage_error "Kafka $kafka: 3 or 4" ;;
esac
jars=$(jars_dir "$version")
state=$(mktemp -d)
checks=0
failures=0

cleanup() {
	"$root/integration/kafka/stop_kafka.sh" --dir "$state/kafka" --wipe >/dev/null 2>&1 || true
	rm -rf "$state"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What nobody may ever see. All begin alike, so that half a password is found too.
canary=Canary
password() {
	case $1 in
	reader) printf '%s' "${canary}\"r=;7" ;;
	*) printf '%s' "$canary-$1" ;;
	esac
}

# --- the broker ---

# make_certificate NAME EXTENSION: a key and a certificate by the CA; the broker's and the client's "store" is both in one.
make_certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$state/$1.key" \
		-out "$state/$1.csr" 2>>"$state/openssl.log"
	printf '%s\n' "$2" >"$state/$1.ext"
	openssl x509 -req -in "$state/$1.csr" -CA "$state/ca.pem" -CAkey "$state/ca.key" -CAcreateserial -days 2 \
		-extfile "$state/$1.ext" -out "$state/$1.crt" 2>>"$state/openssl.log"
	cat "$state/$1.key" "$state/$1.crt" >"$state/$1.pem"
}

make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$state/$1.key" -out "$state/$1.pem" 2>>"$state/openssl.log"
}

# The listeners: {port} SASL, then the controller's, SASL over TLS, TLS with client certificates; and two that advertise
# the name broker1, which does not resolve.
start_broker() {
	local login=org.apache.kafka.common.security properties listener plain

	port=$(free_ports)
	named=$(free_ports)
	while ((named < port + 4 && port < named + 4)); do
		named=$(free_ports)
	done
	tls=$((port + 2)) mutual=$((port + 3)) named_tls=$((named + 1))
	# A quote inside quotes is escaped for the login module, and its backslash for the properties file.
	plain="$login.plain.PlainLoginModule required username=\"admin\" password=\"$canary-admin\""
	plain+=" user_admin=\"$canary-admin\" user_nobody=\"$canary-nobody\" user_deleter=\"$canary-deleter\""
	plain+=" user_reader=\"$canary\\\\\"r=;7\";"
	properties=(
		"listeners=SASL_PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:{controller-port},SASL_SSL://127.0.0.1:$tls,SSL://127.0.0.1:$mutual,NAMED://127.0.0.1:$named,NAMED_TLS://127.0.0.1:$named_tls"
		"advertised.listeners=SASL_PLAINTEXT://127.0.0.1:$port,SASL_SSL://localhost:$tls,SSL://localhost:$mutual,NAMED://broker1:$named,NAMED_TLS://broker1:$named_tls"
		"listener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,NAMED:SASL_PLAINTEXT,NAMED_TLS:SASL_SSL"
		inter.broker.listener.name=SASL_PLAINTEXT sasl.mechanism.inter.broker.protocol=PLAIN
		authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
		"super.users=User:admin;User:ANONYMOUS;User:CN=client"
		ssl.keystore.type=PEM "ssl.keystore.location=$state/broker.pem"
		ssl.truststore.type=PEM "ssl.truststore.location=$state/ca.pem"
		listener.name.ssl.ssl.client.auth=required
	)
	for listener in sasl_plaintext sasl_ssl named named_tls; do
		properties+=("listener.name.$listener.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512"
			"listener.name.$listener.plain.sasl.jaas.config=$plain"
			"listener.name.$listener.scram-sha-512.sasl.jaas.config=$login.scram.ScramLoginModule required;")
	done
	"$root/integration/kafka/start_kafka.sh" --jars --version "$version" --port "$port" --dir "$state/kafka" \
		"${properties[@]/#/--property=}" >/dev/null
}

# kafka_tool CLASS ARGUMENT...: one of Kafka's own, as the admin.
kafka_tool() {
	"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
		-Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$jars/*" "$@" >>"$state/tools.log" 2>&1 || {
		cat "$state/tools.log" >&2
		return 1
	}
}

set_up_users() {
	local at=(--bootstrap-server "127.0.0.1:$port" --command-config "$state/admin.java") pids=() pid

	kafka_tool "$acl_command" "${at[@]}" --add --allow-principal User:reader --operation Describe --operation Read \
		--topic orders --group shipping &
	pids+=("$!")
	kafka_tool "$acl_command" "${at[@]}" --add --allow-principal User:deleter --operation Describe \
		--operation DescribeConfigs --operation Delete --topic orders &
	pids+=("$!")
	kafka_tool kafka.admin.ConfigCommand "${at[@]}" --alter --entity-type users --entity-name reader \
		--add-config "SCRAM-SHA-512=[iterations=4096,password=$canary-scram]" &
	pids+=("$!")
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
}

write_files() {
	local login=org.apache.kafka.common.security

	cat >"$state/admin.java" <<-END
		security.protocol=SASL_PLAINTEXT
		sasl.mechanism=PLAIN
		key.deserializer=org.apache.kafka.common.serialization.StringDeserializer
		sasl.jaas.config=$login.plain.PlainLoginModule required \\
		    username="admin" \\
		    password="$canary-admin";
	END
	cat >"$state/admin.conf" <<-END
		# as for kcat
		security.protocol=sasl_plaintext
		sasl.mechanisms=PLAIN
		sasl.username=admin
		sasl.password=$canary-admin
	END
	cat >"$state/reader-tls.java" <<-END
		security.protocol=SASL_SSL
		sasl.mechanism : PLAIN
		ssl.truststore.type=PEM
		ssl.truststore.location=$state/ca.pem
		sasl.jaas.config=$login.plain.PlainLoginModule required username="reader" \\
		    password="$canary\\\\"r=;7";
	END
	cat >"$state/reader-scram.java" <<-END
		security.protocol=SASL_PLAINTEXT
		sasl.mechanism=SCRAM-SHA-512
		sasl.jaas.config=$login.scram.ScramLoginModule required username='reader' password='$canary-scram';
	END
}

# --- checking ---

failed() {
	failures=$((failures + 1))
	printf 'FAILED: %s\n' "$1"
	printf '%s\n' "$2" | sed 's/^/        /'
}

# check STATUS TEXT WHAT RC OUTPUT: that it ended so, says TEXT, and gives no password away; and of an error that it is one
# sentence.
check() {
	checks=$((checks + 1))
	if [[ $4 != "$1" ]]; then
		failed "$3: exit $4 instead of $1" "$5"
	elif [[ $5 != *"$2"* ]]; then
		failed "$3: does not say \"$2\"" "$5"
	elif [[ $1 != 0 && $(grep -c '^topicmon: ' <<<"$5") != 1 ]]; then
		failed "$3: not one sentence" "$5"
	fi
	if [[ $5 == *"$canary"* ]]; then
		failed "$3: gives a password away" "$5"
	fi
}

# expect STATUS TEXT COMMAND...
expect() {
	local status=$1 text=$2 output rc=0 began=$SECONDS

	shift 2
	output=$("$@" 2>&1 </dev/null) || rc=$?
	check "$status" "$text" "$*" "$rc" "$output"
	((SECONDS - began <= 10)) || failed "$*: took $((SECONDS - began)) s" "$output"
}

# login USER PASSWORD: the options of that login, in "login".
login() {
	login=(-X security.protocol=sasl_plaintext -X sasl.mechanisms=PLAIN -X "sasl.username=$1" -X "sasl.password=$2")
}

# as USER VERB [ARGUMENT...]
as() {
	login "$1" "$(password "$1")"
	"$topicmon" "${@:2}" -b "127.0.0.1:$port" "${login[@]}"
}

# on ADDRESS VERB [ARGUMENT...]: as the admin, by TLS unless an argument says otherwise.
on() {
	login admin "$(password admin)"
	"$topicmon" "$2" -b "$1" "${login[@]}" -X security.protocol=sasl_ssl "${@:3}"
}

# mistaken VERB [ARGUMENT...]: a name that there is, with another's password.
mistaken() {
	login reader "$canary-wrong"
	"$topicmon" "$@" -b "127.0.0.1:$port" "${login[@]}"
}

# screen TEXT [SHOT-OPTION...] -- COMMAND...: the screen that it draws, once it shows TEXT.
screen() {
	local text=$1 output rc=0

	shift
	output=$("$shot" --size 160x40 --wait "$text" --text "$@" 2>&1) || rc=$?
	check 0 "$text" "screen: $*" "$rc" "$output"
}

# What is on the broker, as the admin sees it.
everything() {
	as admin list
	as admin tail orders --from beginning | LC_ALL=C sort
}

# --- the checks ---

# Every verb, with the login given in the ways that there are.
check_ways() {
	local way args topic

	for way in options native java; do
		case $way in
		options) args=(-X security.protocol=sasl_plaintext -X sasl.mechanisms=PLAIN -X sasl.username=admin
			-X "sasl.password=$canary-admin") ;;
		native) args=(-F "$state/admin.conf") ;;
		java) args=(-F "$state/admin.java") ;;
		esac
		args+=(-b "127.0.0.1:$port")
		topic=work-$way
		expect 0 "Created $topic" "$topicmon" create "$topic" -p 2 -r 1 -c retention.ms=86400000 "${args[@]}"
		expect 0 "Written to $topic" "$topicmon" produce "$topic" --key k --value '{"id":1}' "${args[@]}"
		expect 0 '{"id":1}' "$topicmon" tail "$topic" "${args[@]}"
		expect 0 "$topic" "$topicmon" list "${args[@]}"
		expect 0 retention.ms=86400000 "$topicmon" describe "$topic" "${args[@]}"
		expect 0 GROUP "$topicmon" groups "${args[@]}"
		expect 0 GROUP "$topicmon" lag "${args[@]}"
		expect 0 "Cleared $topic: 1 message gone" "$topicmon" clear "$topic" --yes "${args[@]}"
		expect 0 "Deleted $topic" "$topicmon" delete "$topic" --yes "${args[@]}"
	done
}

check_scram() {
	local scram=(-b "127.0.0.1:$port" -X security.protocol=sasl_plaintext -X sasl.mechanisms=SCRAM-SHA-512
		-X sasl.username=reader)
	local library

	library=$("$topicmon" --version | sed -n 's/.*librdkafka \([0-9.]*\).*/\1/p')
	if [[ $kafka == 4 && $(printf '%s\n' "$library" 2.6.1 | sort -V | head -n 1) != 2.6.1 ]]; then
		# Kafka 4 sees a mistake of these versions, and the right password looks like a wrong one.
		expect 4 'by SCRAM librdkafka' "$topicmon" list "${scram[@]}" -X "sasl.password=$canary-scram"
		return
	fi
	expect 0 orders "$topicmon" list "${scram[@]}" -X "sasl.password=$canary-scram"
	expect 0 orders "$topicmon" list -b "127.0.0.1:$port" -F "$state/reader-scram.java"
	expect 4 'invalid credentials' "$topicmon" list "${scram[@]}" -X "sasl.password=$canary-wrong"
}

check_tls() {
	local ca=(-X "ssl.ca.location=$state/ca.pem")

	expect 0 orders "$topicmon" list -b "localhost:$tls" -F "$state/reader-tls.java"
	expect 0 '{"order_id":1}' "$topicmon" tail orders -b "localhost:$tls" -F "$state/reader-tls.java"
	expect 0 private on "localhost:$tls" list "${ca[@]}"
	expect 0 private "$topicmon" list -b "localhost:$mutual" -X security.protocol=ssl "${ca[@]}" \
		-X "ssl.certificate.location=$state/client.crt" -X "ssl.key.location=$state/client.key"
	expect 3 'TLS handshake failed' "$topicmon" list -b "localhost:$mutual" -X security.protocol=ssl "${ca[@]}" \
		--timeout 1
	expect 3 'its CA is not known: give the CA by -X ssl.ca.location=FILE' \
		on "localhost:$tls" list --timeout 1 -X "ssl.ca.location=$state/other.pem"
	expect 3 'is not made out to 127.0.0.1' on "127.0.0.1:$tls" list --timeout 1 "${ca[@]}"
	expect 0 private on "127.0.0.1:$tls" list "${ca[@]}" -X ssl.endpoint.identification.algorithm=none
	expect 3 'is security.protocol right?' "$topicmon" list -b "localhost:$tls" --timeout 1
}

# The verbs side by side: each of them waits for the broker, which lets nobody know at once.
check_wrong_password() {
	local verbs=("list" "describe orders" "tail orders" "produce orders --value x" "create fresh" "delete orders --yes"
		"clear orders --yes" "groups" "lag") i words began=$SECONDS

	for i in "${!verbs[@]}"; do
		read -ra words <<<"${verbs[i]}"
		(
			rc=0
			mistaken "${words[@]}" >"$state/wrong.$i" 2>&1 </dev/null || rc=$?
			printf '%s\n' "$rc" >"$state/wrong.$i.rc"
		) &
	done
	wait
	((SECONDS - began <= 5)) || failed "a wrong password: $((SECONDS - began)) s, longer than the timeout" ""
	for i in "${!verbs[@]}"; do
		check 4 'Authentication failed: Invalid username or password' "a wrong password: ${verbs[i]}" \
			"$(<"$state/wrong.$i.rc")" "$(<"$state/wrong.$i")"
	done
	login reader "$canary-wrong"
	screen 'login failed since' --wait 'Invalid username or password' -- "$topicmon" -b "127.0.0.1:$port" "${login[@]}"
}

check_rights() {
	local before

	before=$(everything)
	expect 4 "Topic 'orders': not authorised to describe it" as nobody describe orders
	expect 4 "Topic 'orders': not authorised to read it" as nobody tail orders
	expect 4 "Topic 'orders': not authorised to write to it" as nobody produce orders --value x
	expect 4 "Topic 'orders': not authorised to create it" as nobody create orders
	expect 4 "Topic 'fresh': not authorised to create it" as nobody create fresh
	expect 4 "Topic 'orders': not authorised to delete it" as nobody delete orders --yes
	expect 4 "Topic 'orders': not authorised to describe it" as nobody clear orders --yes
	expect 4 'No consumer group can be seen' as nobody groups
	expect 4 'No consumer group can be seen' as nobody lag
	expect 0 TOPIC as nobody list
	[[ $(as nobody list) != *orders* ]] || failed "nobody sees a topic" "$(as nobody list)"

	expect 0 orders as reader list
	[[ $(as reader list) != *private* ]] || failed "the reader sees the private topic" "$(as reader list)"
	expect 0 'not authorised to read them' as reader describe orders
	expect 4 "Topic 'orders': not authorised to write to it" as reader produce orders --value x
	expect 4 "Topic 'orders': not authorised to read its configs" as reader clear orders --yes

	expect 4 "Topic 'orders': not authorised to read it" as deleter tail orders
	expect 4 "Topic 'orders': not authorised to read it" as deleter tail orders --follow
	expect 4 'not authorised to create it again, so it is not deleted' as deleter clear orders --yes

	expect 6 Read-only as admin create fresh -p 1 --read-only
	expect 6 Read-only as admin delete orders --yes --read-only
	expect 6 Read-only as admin clear orders --yes --read-only
	expect 6 Read-only as admin produce orders --value x --read-only
	[[ $(everything) == "$before" ]] || failed "what was refused was done all the same" "$(everything)"
}

check_rights_on_the_screen() {
	login nobody "$(password nobody)"
	screen '1 broker' --keys 3 --wait 'No group can be seen' -- "$topicmon" -b "127.0.0.1:$port" "${login[@]}"
	login deleter "$(password deleter)"
	screen 'not authorised to read it' -- "$topicmon" orders -b "127.0.0.1:$port" "${login[@]}"
}

check_names() {
	local ca=(-X "ssl.ca.location=$state/ca.pem") plain=(-X security.protocol=sasl_plaintext)

	expect 3 '--resolve broker1=127.0.0.1, or the line "127.0.0.1 broker1" to /etc/hosts' \
		on "127.0.0.1:$named" list "${plain[@]}" --timeout 2
	expect 3 '--resolve broker1=127.0.0.1' on "127.0.0.1:$named" tail orders "${plain[@]}" --timeout 2
	expect 3 '--resolve broker1=127.0.0.1' on "localhost:$named_tls" list "${ca[@]}" --timeout 2
	expect 0 '{"order_id":1}' on "127.0.0.1:$named" tail orders "${plain[@]}" --resolve broker1=127.0.0.1
	expect 0 '{"order_id":1}' on "localhost:$named_tls" tail orders "${ca[@]}" --resolve broker1=127.0.0.1
	expect 0 "Written to orders" on "localhost:$named_tls" produce orders --value '{"order_id":3}' "${ca[@]}" \
		--resolve broker1=127.0.0.1
	login admin "$(password admin)"
	screen '"127.0.0.1 broker1"' --wait '--resolve broker1=127.0.0.1' -- \
		"$topicmon" -b "127.0.0.1:$named" "${login[@]}"
	screen '{"order_id":3}' -- "$topicmon" orders -b "localhost:$named_tls" "${login[@]}" \
		-X security.protocol=sasl_ssl "${ca[@]}" --resolve broker1=127.0.0.1
}

# refused FILE-TEXT: a properties file that is wrong and holds a password.
refused() {
	printf '%b' "$1" >"$state/bad.conf"
	expect 2 'topicmon: ' "$topicmon" list -b "127.0.0.1:$port" -F "$state/bad.conf"
}

check_secrets() {
	local jaas='org.apache.kafka.common.security.plain.PlainLoginModule required username="u"' at=(-b "127.0.0.1:$port")

	expect 4 'Sending SASL PLAIN' filtered mistaken list -X debug=security,broker,protocol
	expect 0 'Sending SASL PLAIN' as reader list -X debug=all
	expect 0 'SASL' as admin produce orders --value '{"order_id":4}' -X debug=all
	login reader "$canary-wrong"
	screen 'login failed since' --keys 5 --wait 'AUTH_REQ' -- "$topicmon" -b "127.0.0.1:$port" "${login[@]}" \
		-X debug=security,broker,protocol
	expect 2 "'sasl.password' has no '='" "$topicmon" list "${at[@]}" -X sasl.password
	expect 2 "'sasl.password' has no '='" "$topicmon" list "${at[@]}" -X "sasl.password/$canary"
	expect 2 "without a login before an '@'" "$topicmon" list -b "u:$canary@127.0.0.1:$port"
	expect 2 'password has no end' "$topicmon" list "${at[@]}" -X "sasl.jaas.config=$jaas password=\"$canary"
	expect 2 'the name of a login module' "$topicmon" list "${at[@]}" -X "sasl.jaas.config=$canary"
	refused "sasl.password $canary\n"
	refused "security.protocol=SASL_PLAINTEXT\n$canary\n"
	refused "sasl.passwrod=$canary\n"
	refused "sasl.jaas.config=$jaas password=\"$canary\nsecurity.protocol=SASL_PLAINTEXT\n"
	refused "sasl.jaas.config=$jaas password=\"$canary\" $canary;\n"
	refused "sasl.jaas.config=$jaas \\\\\\n password=\"$canary\" \\\\\\n"
	refused "sasl.jaas.config=password=\"$canary\";\n"
	refused "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.password=$canary\n"
	refused "security.protocol=SSL\nssl.key.pem=$canary\n"
	refused "security.protocol=SSL\nssl.key.password=$canary\nssl.key.location=$state/client.key\nssl.certificate.location=$state/ca.pem\n"
	refused "security.protocol=SASL_SSL\nssl.keystore.location=$state/none\nssl.keystore.password=$canary\n"
}

# Without the library's debug lines, which are many: what remains is the sentence. That they were there is kept.
filtered() {
	local rc=0 output

	output=$("$@" 2>&1) || rc=$?
	grep -m 1 'Sending SASL PLAIN' <<<"$output" | sed 's/^topicmon: //'
	[[ $output != *"$canary"* ]] || printf '%s\n' "$canary"
	tail -n 1 <<<"$output"
	return "$rc"
}

write_files_and_certificates() {
	make_ca ca
	make_ca other
	make_certificate broker 'subjectAltName=DNS:localhost,DNS:broker1'
	make_certificate client 'extendedKeyUsage=clientAuth'
	write_files
}

export XDG_CONFIG_HOME=$state XDG_STATE_HOME=$state
write_files_and_certificates
start_broker
set_up_users
as admin create orders -p 2 -r 1 >/dev/null
as admin create private -p 1 -r 1 >/dev/null
as admin produce orders --key a --value '{"order_id":1}' >/dev/null
as admin produce orders --key b --value '{"order_id":2}' >/dev/null
check_ways
check_scram
check_tls
check_wrong_password
check_rights
check_rights_on_the_screen
check_names
check_secrets
printf 'secure.sh: Kafka %s: %d checks, %d failures, %d s\n' "$version" "$checks" "$failures" "$SECONDS"
((failures == 0))
