# on the full screen: whoever mistypes the password is asked again, and it is signed once
start
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
type passwort-0123456789
shows ', try 2 of 3:'
shows 'Send 0.000000000000000001 ETH'
wait 400
type password-0123456789
reply '"result":{"raw":"0x'
shows 'Signed'
never password-0
ledger 'outcome password.wrong'
ledger 'outcome /2" signed":"0x'
