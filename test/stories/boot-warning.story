# nothing starts before the warning is accepted
run --http
screen 'WARNING!'
screen 'proceed:'
screen '> '
type no
screen 'aborted by user'
exit 1
