# on the full screen: a wrong password signs nothing, and the screen says so
start
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
type wrong
reply 'could not decrypt key with given password'
shows 'Not signed  could not decrypt key with given password'
ledger 'outcome password.wrong'
