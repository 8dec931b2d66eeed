# on the full screen: NO_COLOR is honoured, the words say everything
env NO_COLOR 1
start --advanced
call account_signTransaction '{"to":"0x0000000000000000000000000000000000000000"}'
shows '!! CRITICAL'
never '\x1b[30'
never ';41m'
never ';97'
wait 400
press r
reply 'request denied'
