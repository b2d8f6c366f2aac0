;; An offset that AArch64 can't encode: what is common to accesses near each other is computed once.
;;! aarch64 machine faults
;;! x86_64 machine faults

(module
  (memory 17)
  (func $field (param i32) (result i32)
    (i32.add (i32.load offset=4 (local.get 0)) (i32.load offset=8 (local.get 0))))
  (func $static (param i32) (result i32)
    (i32.add (i32.load offset=1048580 (local.get 0)) (i32.load offset=1048600 (local.get 0)))))
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x7, [x2, #32]
;;   add x7, x7, x3, UXTW
;;   ldr w8, [x7, #4]
;;   ldr w7, [x7, #8]
;;   add w2, w8, w7
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x8, [x2, #32]
;;   add x8, x8, #1048576
;;   add x8, x8, x3, UXTW
;;   ldr w9, [x8, #4]
;;   ldr w8, [x8, #24]
;;   add w2, w9, w8
;;   ldp fp, lr, [sp], #16
;;   ret
;;= x86_64 machine faults
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x20(%rdi), %r8
;;   movl %esi, %edi
;;   movl 4(%r8, %rdi), %eax
;;   addl 8(%r8, %rdi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x20(%rdi), %r8
;;   movl %esi, %edi
;;   movl 0x100004(%r8, %rdi), %eax
;;   addl 0x100018(%r8, %rdi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
