# on the full screen: a yes that nobody can have read does nothing, and isn't remembered
start
call account_signTransaction '{}'
shows 'SIGN?'
press a
press a
wait 400
press a
shows 'Not yet: a yes counts in'
shows 'READY'
wait 400
shows 'READY'
press a
shows 'Password of'
wait 400
type password-0123456789
reply '"result"'
