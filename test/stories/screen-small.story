# on a small full screen: nothing can be approved that wasn't scrolled to its end
start
resize 40 12
call account_signTransaction '{}'
shows 'Not yet: '
read
press a
wait 400
shows ' more lines'
hides 'READY'
press ' '
press '\x1b[6~'
press ' '
press ' '
press ' '
shows 'the end'
shows 'READY'
press '\x1b[H'
shows 'lines 1-8 of'
wait 400
press a
shows 'Password'
