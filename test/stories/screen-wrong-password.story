# on the full screen: a wrong password signs nothing, and after three of them the request is over
start
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
type wrong
shows 'Try again: wrong password, 2 tries left'
shows ', try 2 of 3:'
wait 400
type wrong
shows 'Try again: wrong password, 1 try left'
shows ', try 3 of 3:'
wait 400
type wrong
reply 'could not decrypt key with given password'
shows 'Not signed  wrong password'
ledger 'outcome password.wrong'
ledger 'outcome /2" password.wrong'
ledger 'outcome /3" password.wrong'
