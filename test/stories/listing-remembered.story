# a person is asked once who may know the accounts, and not again for the same caller
start --line
call account_list '' 'user-agent=geth'
screen 'LIST?'
read
type yes
reply '"result":["0xf39f'
call account_list '' 'user-agent=geth'
reply '"result":["0xf39f'
count 'LIST?' 1
call account_list '' 'user-agent=other'
screen 'LIST?'
read
type no
reply 'request denied'
