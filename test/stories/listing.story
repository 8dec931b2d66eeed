# a person decides who may know the accounts
start --line
call account_list
screen 'Tell the caller your 2 accounts'
screen '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
screen '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
read
type yes
screen 'Said yes.'
reply '["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","0x70997970c51812dc3a010c7d01b50e0d17dc79c8"]'
ledger 'listing account_list'
